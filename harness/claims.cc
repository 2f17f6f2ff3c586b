#include "harness/claims.h"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <variant>

#include "harness/claims_work.h"
#include "harness/core/check.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr ClaimFunction kFunctions[] = {
    {"2100-tokens", claim_2100_tokens},
    {"450-at-launch", claim_450_at_launch},
    {"969-of-405b", claim_969_of_405b},
    {"16-times-gpu", claim_16_times_gpu},
    {"o1-minutes-cepo-seconds", claim_o1_minutes},
    {"only-in-real-time", claim_only_in_real_time},
    {"100-effective", claim_100_effective},
    {"surpasses-405b", claim_surpasses_405b},
    {"31-matches-405b", claim_31_matches_405b},
    {"level-of-sonnet", claim_level_of_sonnet},
    {"grows-without-end", claim_grows_without_end},
    {"1t-on-one-cs3", claim_1t_on_one_cs3},
    {"55-tb", claim_55_tb},
    {"50-steps", claim_50_steps},
    {"16-linear", claim_16_linear},
    {"accuracy-in-proportion", claim_accuracy_in_proportion},
    {"287-gb200", claim_287_gb200},
    {"two-racks", claim_two_racks},
    {"one-percent", claim_one_percent},
    {"565-lines", claim_565_lines},
    {"565-lines-for-1t", claim_565_lines_for_1t},
};

Status check_files(const MachineMap& machines, const ShapeMap& shapes) {
  for (const char* name : {"cs2", "cs3", "h100", "h200", "gb200"}) {
    const auto at = machines.find(name);
    if (at == machines.end())
      return input_error(fmt::format("machine {}: missing: add its file", name));
    const bool is_wafer = std::holds_alternative<sim::WaferSpec>(at->second.spec);
    const bool wants_wafer = std::string_view(name).starts_with("cs");
    if (is_wafer != wants_wafer)
      return input_error(fmt::format("machine {}: is {} wafer: give its file the fields of {}",
                                     name, is_wafer ? "a" : "no", wants_wafer ? "one" : "a GPU"));
  }
  for (const char* name : {"llama3.1-8b", "llama3.1-70b", "llama3.1-405b", "llama3.2-1b",
                           "llama3.2-3b", "llama3.3-70b"})
    if (!shapes.contains(name))
      return input_error(fmt::format("model {}: missing: add its file", name));
  return {};
}

}  // namespace

std::string_view name(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::reproduced:
      return "reproduced";
    case ClaimVerdict::consistent:
      return "consistent";
    case ClaimVerdict::does_not_follow:
      return "does not follow";
    case ClaimVerdict::cannot_be_checked:
      return "cannot be checked";
  }
  CHECK(false);
}

std::string_view meaning(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::reproduced:
      return "we compute what was claimed, within what the rule allows";
    case ClaimVerdict::consistent:
      return "nothing here speaks against it; it may need an assumption";
    case ClaimVerdict::does_not_follow:
      return "the numbers here do not lead to it";
    case ClaimVerdict::cannot_be_checked:
      return "a number that it needs was not published";
  }
  CHECK(false);
}

std::string_view name(StepKind kind) {
  switch (kind) {
    case StepKind::published:
      return "published";
    case StepKind::derived:
      return "derived";
    case StepKind::assumed:
      return "ASSUMED";
    case StepKind::computed:
      return "computed";
    case StepKind::simulated:
      return "*simulated*";
  }
  CHECK(false);
}

bool Claim::is_simulated() const {
  return std::ranges::any_of(steps,
                             [](const auto& step) { return step.kind == StepKind::simulated; });
}

Result<std::vector<Claim>> evaluate_claims(const ClaimLedger& ledger, const MachineMap& machines,
                                           const ShapeMap& shapes, const std::string& only) {
  if (Status status = check_files(machines, shapes); !status)
    return std::unexpected(status.error());
  std::vector<Claim> claims;
  std::vector<std::string> names;
  for (const ClaimWords& words : ledger.claims) {
    names.push_back(words.name);
    if (!only.empty() && words.name != only) continue;
    const auto* function = std::ranges::find(kFunctions, words.name, &ClaimFunction::name);
    EVALRUN_CHECK_WHY(function != std::end(kFunctions), words.name.c_str());
    Claim& claim = claims.emplace_back();
    claim.words = words;
    ClaimWork work(ledger, machines, shapes, claim);
    if (Status status = function->compute(work); !status) return std::unexpected(status.error());
  }
  if (claims.empty() && !only.empty())
    return usage_error(fmt::format("claims: {}: no such claim{}; evalrun claims lists them",
                                   to_printable(only, true), did_you_mean(only, names)));
  return claims;
}

}  // namespace evalrun
