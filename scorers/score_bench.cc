#include "scorers/score.h"

#include <benchmark/benchmark.h>

namespace {

using namespace evalrun;

// 800 samples of 10 answers; lists, dicts and strings of CRUXEval's usual size, a tenth no
// literals.
void BM_StrictOutput8000(benchmark::State& state) {
  std::vector<Check> checks;
  for (int i = 0; i < 800; ++i) {
    const std::string n = std::to_string(i);
    const std::string value = i % 2 == 0 ? "['abc', " + n + ", ('x" + n + "', 1.5), None, True]"
                                         : "{'key" + n + "': [1, 2, 3], 'other': 'some text'}";
    checks.push_back(ExactLiteral{"def f(x):\n    return x", n, value});
  }
  std::vector<ScoreJob> jobs;
  for (int i = 0; i < 8000; ++i) {
    const Check& check = checks[std::size_t(i / 10)];
    const std::string value =
        i % 10 == 9 ? "I am not sure" : std::get<ExactLiteral>(check).expected;
    jobs.push_back(
        {&check, "So:\n[ANSWER]\nassert f(1) == " + value + "\n[/ANSWER]", PromptForm::cot, false});
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        score(ScorerKind::strict, jobs, nullptr, {.workers = 1, .on_outcome = {}}));
  }
  state.SetItemsProcessed(state.iterations() * 8000);
}
BENCHMARK(BM_StrictOutput8000)->Unit(benchmark::kMillisecond);

}  // namespace
