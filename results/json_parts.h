// What several JSON documents of this folder share. Internal to results.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "results/report.h"

namespace evalrun {

// {"value", "ci_low", "ci_high", "ci_method"}
nlohmann::ordered_json estimate_json(const Estimate& estimate);

// {"problems", "planned", "strict": estimate}
nlohmann::ordered_json without_errata_json(const WithoutErrata& without);

// {"difference", "ci_low", "ci_high", "p", "p_holm", "method"}
nlohmann::ordered_json difference_json(const Comparison& comparison);

}  // namespace evalrun
