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

Json difference_json(const Comparison& c) {
  return Json{{"difference", c.paired.difference},
              {"ci_low", c.paired.ci.low},
              {"ci_high", c.paired.ci.high},
              {"p", c.paired.p_value},
              {"p_holm", c.p_holm},
              {"method", name(c.paired.method)}};
}

}  // namespace evalrun
