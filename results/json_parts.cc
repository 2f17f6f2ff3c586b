#include "results/json_parts.h"

#include <nlohmann/json.hpp>

namespace evalrun {

using Json = nlohmann::ordered_json;

Json estimate_json(const Estimate& e) {
  return Json{{"value", e.value},
              {"ci_low", e.ci.low},
              {"ci_high", e.ci.high},
              {"ci_method", name(e.method)}};
}

Json without_errata_json(const WithoutErrata& without) {
  return Json{{"problems", without.problems},
              {"planned", without.planned},
              {"strict", estimate_json(without.strict)}};
}

Json price_json(const std::optional<Price>& price) {
  if (!price) return nullptr;
  return Json{{"prompt_usd", price->prompt_usd},
              {"cached_usd", price->cached_usd},
              {"completion_usd", price->completion_usd},
              {"as_of", price->as_of},
              {"source", price->source}};
}

Json cost_json(const std::optional<Cost>& cost) {
  if (!cost) return nullptr;
  const auto or_null = [](const std::optional<double>& usd) {
    return usd ? Json(*usd) : Json(nullptr);
  };
  return Json{{"paid", cost->paid},
              {"from_cache", cost->from_cache},
              {"per_sample", or_null(cost->per_sample)},
              {"per_right", or_null(cost->per_right)}};
}

Json difference_json(const Comparison& c) {
  return Json{{"difference", c.paired.difference},
              {"ci_low", c.paired.ci.low},
              {"ci_high", c.paired.ci.high},
              {"p", c.paired.p_value},
              {"p_holm", c.p_holm},
              {"method", name(c.paired.method)}};
}

}  // namespace evalrun
