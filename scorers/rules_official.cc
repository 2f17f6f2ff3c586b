// CRUXEval's evaluate_score (evaluation/utils_general.py), a generation at a time. Its bugs are
// kept: the answer is pasted behind "assert <expected> == " and may be any Python, so that `0 or
// True` is right, and `f( <input>)` too, which the guard against repeated calls misses by one
// blank.
//
// Most answers are plain literals, whose comparison is known without a run of their own, once the
// problem's code was seen to run. Everything else is run.
#include "scorers/extract.h"
#include "scorers/plain_literal.h"
#include "scorers/rules.h"

namespace evalrun {
namespace {

Run assertion(const std::string& code, const std::string& expected, const std::string& answer,
              Prelude prelude) {
  return {.code = code + "\nassert " + expected + " == " + answer, .prelude = prelude};
}

}  // namespace

Plan plan_assertion(const std::string& code, const std::string& expected, std::string answer,
                    Prelude prelude) {
  Plan plan;
  plan.run = assertion(code, expected, answer, prelude);
  const auto said = plain_literal(answer);
  const auto right = said ? plain_literal(expected) : std::nullopt;
  if (right) {
    plan.shortcut = {assertion(code, expected, expected, prelude), python_equal(*right, *said)};
  }
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

Plan plan_official(const ScoreJob& job) {
  std::string answer = job.extracted ? job.text : official_answer(*job.check, job.form, job.text);
  if (const auto* output = std::get_if<ExactLiteral>(job.check)) {
    if (answer.contains("f(" + output->input + ")")) {
      return skip(std::move(answer), "dropped: the answer repeats the question's call");
    }
    return plan_assertion(output->code, output->expected, std::move(answer), Prelude::none);
  }
  const auto& input = std::get<PythonAssert>(*job.check);
  if (!answer.contains("f(")) return skip(std::move(answer), "dropped: no \"f(\" in the answer");
  return plan_assertion(input.code, input.expected, std::move(answer), Prelude::none);
}

// Whatever goes wrong in the program is False in the evaluator; the limits keep their own names.
void judge_official(const ExecResult& result, ScoreOutcome& outcome) {
  outcome.explanation = quoted(result.detail);
  if (result.status == ExecStatus::ok) return conclude(outcome, Verdict::right, "");
  const Verdict failure = verdict_of_failure(result.status);
  outcome.verdict = failure == Verdict::program_error ? Verdict::wrong : failure;
}

}  // namespace evalrun
