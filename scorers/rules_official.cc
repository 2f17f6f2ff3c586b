// CRUXEval's evaluate_score (evaluation/utils_general.py), a generation at a time. Its bugs are
// kept: the answer is pasted behind "assert <expected> == " and may be any Python, so that `0 or
// True` is right, and `f( <input>)` too, which the guard against repeated calls misses by one
// blank.
//
// Every program is run. Comparing literals here instead would save at most half of the runs of a
// generations file and none of a run of ours (one answer a sample), and "official" means that
// nothing but the run decides.
#include "scorers/extract.h"
#include "scorers/rules.h"

namespace evalrun {
namespace {

Plan plan(const std::string& code, const std::string& expected, std::string answer) {
  Plan plan;
  plan.run = Run{Run::Kind::assert_program, code + "\nassert " + expected + " == " + answer, ""};
  plan.outcome.extracted = std::move(answer);
  return plan;
}

Plan skip(std::string answer, std::string why) {
  return {{.verdict = Verdict::wrong,
           .skipped = true,
           .extracted = std::move(answer),
           .explanation = std::move(why)},
          std::nullopt};
}

}  // namespace

Plan plan_official(const ScoreJob& job) {
  std::string answer = job.extracted ? job.text : official_answer(*job.check, job.form, job.text);
  if (const auto* output = std::get_if<ExactLiteral>(job.check)) {
    if (answer.contains("f(" + output->input + ")")) {
      return skip(std::move(answer), "dropped: the answer repeats the question's call");
    }
    return plan(output->code, output->expected, std::move(answer));
  }
  const auto& input = std::get<PythonAssert>(*job.check);
  if (!answer.contains("f(")) return skip(std::move(answer), "dropped: no \"f(\" in the answer");
  return plan(input.code, input.expected, std::move(answer));
}

// Whatever goes wrong in the program is False in the evaluator; the limits keep their own names.
void judge_official(const ExecResult& result, ScoreOutcome& outcome) {
  outcome.explanation = quoted(result.detail);
  switch (result.status) {
    case ExecStatus::ok:
      outcome.verdict = Verdict::right;
      outcome.explanation.clear();
      return;
    case ExecStatus::raised:
    case ExecStatus::exited:
      outcome.verdict = Verdict::wrong;
      return;
    case ExecStatus::crashed:
      outcome.verdict = Verdict::crashed;
      return;
    case ExecStatus::time_limit:
      outcome.verdict = Verdict::time_limit;
      return;
    case ExecStatus::memory_limit:
      outcome.verdict = Verdict::memory_limit;
      return;
    case ExecStatus::output_limit:
      outcome.verdict = Verdict::output_limit;
      return;
    case ExecStatus::infra_error:
      outcome.verdict = Verdict::infra_error;
      return;
  }
}

}  // namespace evalrun
