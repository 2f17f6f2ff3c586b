// Our rules. The model's text never reaches an interpreter: it is parsed, and what runs is printed
// anew from the parsed values.
#include <fmt/format.h>

#include "harness/core/text.h"
#include "scorers/answer_text.h"
#include "scorers/extract.h"
#include "scorers/json_value.h"
#include "scorers/pyliteral.h"
#include "scorers/rules.h"

namespace evalrun {
namespace {

constexpr std::size_t kMaxQuotedBytes = 200;

void plan_value(const Result<PyValue>& expected, Plan& plan) {
  const Result<PyValue> value = parse_literal(plan.outcome.extracted);
  if (!value) {
    return conclude(plan.outcome, Verdict::no_answer, "no literal: " + value.error().message);
  }
  conclude_equal("the answer", *value, expected, plan.outcome);
}

// The suite's own arguments are taken as they are: some are no literals (a lambda, a range), and
// they are not the model's invention.
void plan_call(const PythonAssert& check, Plan& plan) {
  std::string arguments = check.input;
  if (python_strip(plan.outcome.extracted) != python_strip(check.input)) {
    const auto parsed = parse_call_arguments(plan.outcome.extracted);
    if (!parsed) {
      return conclude(plan.outcome, Verdict::no_answer,
                      "arguments that are no literals: " + parsed.error().message);
    }
    arguments = to_source(*parsed);
  }
  plan.run = Run{Run::Kind::call, check.code, std::move(arguments)};
}

void plan_number(const LetterCount& check, Plan& plan) {
  const std::string expected = std::to_string(check.expected);
  if (plan.outcome.extracted == expected) return conclude(plan.outcome, Verdict::right, "");
  conclude(plan.outcome, Verdict::wrong,
           fmt::format("the answer is {}, expected {}", quoted(plan.outcome.extracted), expected));
}

std::string nothing_found(const Check& check) {
  if (std::holds_alternative<PythonTests>(check)) return "no program found";
  if (std::holds_alternative<PythonAssert>(check)) return "no call f(...) found";
  return std::holds_alternative<LetterCount>(check) ? "no number found" : "no value found";
}

}  // namespace

void conclude(ScoreOutcome& outcome, Verdict verdict, std::string explanation) {
  outcome.verdict = verdict;
  outcome.explanation = std::move(explanation);
}

void conclude_equal(std::string_view what, const PyValue& value, const Result<PyValue>& expected,
                    ScoreOutcome& outcome) {
  if (!expected) {
    return conclude(outcome, Verdict::infra_error,
                    "the suite's expected value is broken: " + expected.error().message);
  }
  if (python_equal(value, *expected)) return conclude(outcome, Verdict::right, "");
  conclude(
      outcome, Verdict::wrong,
      fmt::format("{} is {}, expected {}", what, quoted(repr(value)), quoted(repr(*expected))));
}

Verdict verdict_of_failure(ExecStatus status) {
  switch (status) {
    case ExecStatus::ok:
    case ExecStatus::raised:
    case ExecStatus::exited:
      return Verdict::program_error;
    case ExecStatus::crashed:
      return Verdict::crashed;
    case ExecStatus::time_limit:
      return Verdict::time_limit;
    case ExecStatus::memory_limit:
      return Verdict::memory_limit;
    case ExecStatus::output_limit:
      return Verdict::output_limit;
    case ExecStatus::infra_error:
      break;
  }
  return Verdict::infra_error;
}

std::string quoted(std::string_view text) {
  std::string start(text.substr(0, kMaxQuotedBytes));
  if (text.size() > kMaxQuotedBytes) start += "...";
  return to_printable(to_valid_utf8(start), true);
}

Plan plan_strict(const ScoreJob& job) {
  Plan plan;
  auto answer = job.extracted ? strict_reading(*job.check, job.text)
                              : strict_answer(*job.check, job.form, job.text);
  if (!answer) {
    conclude(plan.outcome, Verdict::no_answer, nothing_found(*job.check));
    return plan;
  }
  plan.outcome.extracted = std::move(answer->text);
  if (const auto* value = std::get_if<ExactLiteral>(job.check)) {
    plan_value(parse_literal(value->expected), plan);
  }
  if (const auto* value = std::get_if<CallOutput>(job.check)) {
    plan_value(parse_literal(value->expected), plan);
  }
  if (const auto* value = std::get_if<TestOutput>(job.check)) {
    plan_value(parse_json(value->expected), plan);
  }
  if (std::holds_alternative<PythonTests>(*job.check)) {
    plan.run = Run{Run::Kind::tests, plan.outcome.extracted};
  }
  if (const auto* call = std::get_if<PythonAssert>(job.check)) plan_call(*call, plan);
  if (const auto* number = std::get_if<LetterCount>(job.check)) plan_number(*number, plan);
  return plan;
}

void judge_strict(const Check& check, const ExecResult& result, ScoreOutcome& outcome) {
  if (result.status != ExecStatus::ok) {  // the model chose arguments that f does not bear
    return conclude(outcome, verdict_of_failure(result.status), quoted(result.detail));
  }
  const Result<PyValue> value = parse_literal(result.value);
  if (!value) {  // such as an iterator: equal to no literal
    return conclude(outcome, Verdict::wrong, "f(...) is no literal: " + quoted(result.value));
  }
  conclude_equal("f(...)", *value, parse_literal(std::get<PythonAssert>(check).expected), outcome);
}

}  // namespace evalrun
