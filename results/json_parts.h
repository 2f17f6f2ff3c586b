// What several JSON documents of this folder share. Internal to results.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "results/report.h"

namespace evalrun {

// {"value", "ci_low", "ci_high", "ci_method"}
nlohmann::ordered_json estimate_json(const Estimate& estimate);

// {"problems", "planned", "strict": estimate}
nlohmann::ordered_json without_errata_json(const WithoutErrata& without);

// {"slo", "all": row, "rows"}; what was not measured is null.
nlohmann::ordered_json latency_json(const Latency& latency);

// null (unknown), or {"prompt_usd", "cached_usd", "completion_usd", "as_of", "source"}
nlohmann::ordered_json price_json(const std::optional<Price>& price);

// null (unknown), or {"paid", "from_cache", "per_sample", "per_right"}, US dollars
nlohmann::ordered_json cost_json(const std::optional<Cost>& cost);

// {"difference", "ci_low", "ci_high", "p", "p_holm", "method"}
nlohmann::ordered_json difference_json(const Comparison& comparison);

}  // namespace evalrun
