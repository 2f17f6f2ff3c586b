// Our rules. The model's text never reaches an interpreter: it is parsed, and what runs is printed
// anew from the parsed values.
#include <fmt/format.h>

#include "harness/core/text.h"
#include "scorers/answer_text.h"
#include "scorers/extract.h"
#include "scorers/pyliteral.h"
#include "scorers/rules.h"

namespace evalrun {
namespace {

constexpr std::size_t kMaxQuotedBytes = 200;

void conclude(ScoreOutcome& outcome, Verdict verdict, std::string explanation) {
  outcome.verdict = verdict;
  outcome.explanation = std::move(explanation);
}

// `what` is "the answer" or "f(...)".
void compare(std::string_view what, const PyValue& value, const std::string& expected_text,
             ScoreOutcome& outcome) {
  const Result<PyValue> expected = parse_literal(expected_text);
  if (!expected) {
    return conclude(outcome, Verdict::infra_error,
                    "the suite's expected value is no literal: " + expected.error().message);
  }
  if (python_equal(value, *expected)) return conclude(outcome, Verdict::right, "");
  conclude(
      outcome, Verdict::wrong,
      fmt::format("{} is {}, expected {}", what, quoted(repr(value)), quoted(repr(*expected))));
}

void plan_value(const ExactLiteral& check, Plan& plan) {
  const Result<PyValue> value = parse_literal(plan.outcome.extracted);
  if (!value) {
    return conclude(plan.outcome, Verdict::no_answer, "no literal: " + value.error().message);
  }
  compare("the answer", *value, check.expected, plan.outcome);
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
  if (std::holds_alternative<PythonAssert>(check)) return "no call f(...) found";
  return std::holds_alternative<LetterCount>(check) ? "no number found" : "no value found";
}

}  // namespace

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
  if (const auto* value = std::get_if<ExactLiteral>(job.check)) plan_value(*value, plan);
  if (const auto* call = std::get_if<PythonAssert>(job.check)) plan_call(*call, plan);
  if (const auto* number = std::get_if<LetterCount>(job.check)) plan_number(*number, plan);
  return plan;
}

void judge_strict(const Check& check, const ExecResult& result, ScoreOutcome& outcome) {
  switch (result.status) {
    case ExecStatus::ok:
      break;
    case ExecStatus::raised:  // the model chose arguments that f does not bear
    case ExecStatus::exited:
      return conclude(outcome, Verdict::program_error, quoted(result.detail));
    case ExecStatus::crashed:
      return conclude(outcome, Verdict::crashed, quoted(result.detail));
    case ExecStatus::time_limit:
      return conclude(outcome, Verdict::time_limit, quoted(result.detail));
    case ExecStatus::memory_limit:
      return conclude(outcome, Verdict::memory_limit, quoted(result.detail));
    case ExecStatus::output_limit:
      return conclude(outcome, Verdict::output_limit, quoted(result.detail));
    case ExecStatus::infra_error:
      return conclude(outcome, Verdict::infra_error, quoted(result.detail));
  }
  const Result<PyValue> value = parse_literal(result.value);
  if (!value) {  // such as an iterator: equal to no literal
    return conclude(outcome, Verdict::wrong, "f(...) is no literal: " + quoted(result.value));
  }
  compare("f(...)", *value, std::get<PythonAssert>(check).expected, outcome);
}

}  // namespace evalrun
