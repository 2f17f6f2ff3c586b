// evalrun: does thinking more at inference time pay? The table of verbs, and nothing else.
#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

#include "harness/core/text.h"
#include "harness/verb.h"
#include "harness/version.h"

namespace evalrun {
namespace {

constexpr Verb kVerbs[] = {
    {"run", "ask the model, score the answers, report (the default verb)", run_verb},
    {"resume", "go on with a run that was stopped; no finished call is repeated", resume_verb},
    {"score", "score a run folder again, or a file of generations", score_verb},
    {"report", "print the result table of a run folder", report_verb},
    {"export", "write a run's results for other programs to import", export_verb},
    {"show", "print the exact prompt of a sample, or what a run asked and was answered", show_verb},
    {"list", "suites, strategies and targets", list_verb},
    {"probe", "what a remote endpoint supports and how fast it is", probe_verb},
    {"simulate", "play a run's calls on simulated machines: CS-3, GPUs, your own", simulate_verb},
    {"validate-sim", "the simulator of machines beside what was published about them",
     validate_sim_verb},
    {"train-sim", "how long training takes on simulated wafers and GPUs", train_sim_verb},
    {"claims", "the claims about the machines and CePO beside what we compute", claims_verb},
    {"fetch", "download a dataset and check its sha256", fetch_verb},
    {"doctor", "what this machine lacks: sandbox layers, Python, data", doctor_verb},
};

void print_help() {
  fmt::print(
      "evalrun {}: does thinking more at inference time pay, and is the difference real?\n\n"
      "  evalrun [run] --suite crux --strategy cepo\n  evalrun VERB --help\n\n",
      kVersion);
  for (const Verb& verb : kVerbs) fmt::print("  {:<12} {}\n", verb.name, verb.description);
  fmt::print(
      "\nExit codes: 0 complete, 3 incomplete because of us or the target, 64 wrong words or"
      " wrong input.\n");
}

Result<int> dispatch(Arguments arguments) {
  const std::string first = arguments.empty() ? "" : arguments.front();
  if (first == "--help" || first == "-h" || first == "help") return print_help(), 0;
  if (first == "--version") return fmt::print("evalrun {} ({})\n", kVersion, kCommit), 0;
  if (first.empty() || first.starts_with('-')) return run_verb(arguments);
  const auto* verb = std::find_if(std::begin(kVerbs), std::end(kVerbs),
                                  [&](const Verb& v) { return v.name == first; });
  if (verb == std::end(kVerbs)) {
    std::vector<std::string> names;
    for (const Verb& v : kVerbs) names.emplace_back(v.name);
    return usage_error(fmt::format("{}: unknown verb{} (see evalrun --help)",
                                   to_printable(first, true), did_you_mean(first, names)));
  }
  arguments.erase(arguments.begin());
  return verb->run(arguments);
}

}  // namespace
}  // namespace evalrun

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a dead sandbox worker is an error value, not our end
  const auto result = evalrun::dispatch({argv + 1, argv + argc});
  // A full disk or a closed pipe behind stdout must not look like success.
  const bool flushed = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (!result) {
    fmt::print(stderr, "evalrun: {}\n", result.error().message);
    return evalrun::exit_code(result.error());
  }
  return flushed ? *result : evalrun::kExitIncomplete;
}
