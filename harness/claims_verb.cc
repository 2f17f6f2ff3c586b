// evalrun claims: the ledger of claims; --count-lines counts a folder's lines of code.
#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "harness/claims.h"
#include "harness/claims_print.h"
#include "harness/count_lines.h"
#include "harness/sim_machine.h"
#include "harness/verb.h"

namespace evalrun {
namespace {

struct ClaimsArguments {
  std::string claim;
  bool json = false;
  std::string machines_dir, models_dir, count_dir;
};

Result<int> count(const ClaimsArguments& arguments) {
  const auto counts = count_lines(arguments.count_dir);
  if (!counts) return std::unexpected(counts.error());
  fmt::print("{}", arguments.json ? line_counts_json(*counts) : line_counts_text(*counts));
  return counts->unreadable.empty() ? kExitComplete : kExitIncomplete;
}

Result<int> show(const ClaimsArguments& arguments) {
  const auto ledger = load_claim_ledger();
  if (!ledger) return std::unexpected(ledger.error());
  const auto data = load_sim_data(arguments.machines_dir, arguments.models_dir);
  if (!data) return std::unexpected(data.error());
  const auto claims = evaluate_claims(*ledger, data->machines, data->shapes, arguments.claim);
  if (!claims) return std::unexpected(claims.error());
  if (arguments.json)
    fmt::print("{}", claims_json(*claims));
  else
    fmt::print("{}", arguments.claim.empty() ? claims_table(*claims) : claim_text(claims->front()));
  return kExitComplete;
}

}  // namespace

Result<int> claims_verb(const Arguments& arguments) {
  CLI::App app{
      "Every quantitative claim of the source article, what we compute, and a verdict. "
      "Exit code 0 once computed, whatever the verdicts are.",
      "evalrun claims"};
  ClaimsArguments a;
  app.add_option("NAME", a.claim, "one claim, step by step");
  app.add_flag("--json", a.json, "JSON alone on stdout");
  add_sim_folder_flags(app, a.machines_dir, a.models_dir);
  app.add_option("--count-lines", a.count_dir,
                 "count blank, comment and code lines by language, as cloc does")
      ->type_name("DIR");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  if (app.count("--count-lines") == 0) return show(a);
  if (!a.claim.empty() || !a.machines_dir.empty() || !a.models_dir.empty())
    return usage_error("claims: --count-lines: goes with --json alone; leave the rest out");
  return count(a);
}

}  // namespace evalrun
