// LiveCodeBench's scorers (28fef95), a generation at a time: code generation
// (evaluation/testing_util.py), code execution (compute_code_execution_metrics.py) and test output
// prediction (compute_test_output_prediction_metrics.py). Their bugs are kept, with three
// deviations, all because no text of a model is evaluated by us and no program ever meets an
// expected value:
//   - A result whose own __eq__ says True to everything is wrong, and so is one that equals the
//     expected value only by another type's __eq__ (a Fraction, a numpy number).
//   - A test output that is an expression is evaluated in the sandbox, with a time limit, and
//   without
//     the names in the grader's own frame (one of which is the expected output).
//   - Memory and output are limited. What was killed for it counts as died without a result (-5).
#include "scorers/answer_text.h"
#include "scorers/extract_code.h"
#include "scorers/json_value.h"
#include "scorers/plain_literal.h"
#include "scorers/pyliteral.h"
#include "scorers/pytoken.h"
#include "scorers/rules.h"

namespace evalrun {
namespace {

// Finds the value in a predicted test and evaluates it, in the sandbox. The text is an argument: it
// is data to this program, not a part of it.
constexpr std::string_view kTestOutputReader = R"py(import ast

def expected_side(text):
    statement = ast.parse(text).body[0]
    if not isinstance(statement, ast.Assert) or not isinstance(statement.test, ast.Compare):
        raise ValueError("no assertion of a comparison")
    if not isinstance(statement.test.ops[0], ast.Eq):
        raise ValueError("no assertion of an equality")
    return ast.get_source_segment(text, statement.test.comparators[0])

def f(text):
    lines = text.splitlines()
    if len(lines) > 1:
        asserts = [line for line in lines if "assert" in line and not line.startswith("#")]
        text = asserts[0] if asserts else text
    text = text.strip()
    return eval(expected_side(text) if "assert" in text else text, {})
)py";

// Does str.splitlines() see one line?
bool is_one_line(std::string_view text) {
  for (const std::string_view end : {"\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\xc2\x85",
                                     "\xe2\x80\xa8", "\xe2\x80\xa9"}) {
    if (text.contains(end)) return false;
  }
  return true;
}

// Behind `assert name(literals) ==`; nothing if the text is written in any other way.
std::optional<std::string_view> behind_equality(std::string_view text) {
  constexpr std::string_view kAssert = "assert ";
  if (!text.starts_with(kAssert)) return std::nullopt;
  text = python_strip(text.substr(kAssert.size()));
  std::size_t name = 0;
  while (name < text.size() && is_identifier_char(text[name])) ++name;
  const bool starts_as_name = name > 0 && !(text[0] >= '0' && text[0] <= '9');
  if (!starts_as_name || is_keyword(text.substr(0, name))) return std::nullopt;
  if (name == text.size() || text[name] != '(') return std::nullopt;
  const auto close = matching_bracket(text, name);
  if (!close || !parse_call_arguments(text.substr(name + 1, *close - name - 1))) {
    return std::nullopt;
  }
  text = text.substr(std::min(text.find_first_not_of(' ', *close + 1), text.size()));
  if (!text.starts_with("==")) return std::nullopt;
  text.remove_prefix(2);
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

// The value of a predicted test, where no Python is needed to see it.
std::optional<PyValue> plain_test_output(std::string_view text) {
  text = python_strip(text);
  if (!is_one_line(text)) return std::nullopt;
  if (!text.contains("assert")) return plain_literal(text);
  const auto value = behind_equality(text);
  return value ? plain_literal(*value) : std::nullopt;
}

Plan plan_test_output(const TestOutput& check, std::string answer) {
  Plan plan;
  if (const auto value = plain_test_output(answer)) {
    conclude_equal("the answer", *value, parse_json(check.expected), plan.outcome);
  } else {
    const PyValue text{.kind = PyValue::Kind::string, .text = answer};
    plan.run = Run{Run::Kind::call, std::string(kTestOutputReader), to_source(text)};
  }
  plan.outcome.extracted = std::move(answer);
  return plan;
}

Plan plan_call_output(const CallOutput& check, std::string answer) {
  if (answer.contains(check.call)) {
    return skip(std::move(answer), "dropped: the answer repeats the question's call");
  }
  return plan_assertion(check.code, check.expected, std::move(answer), Prelude::lcb);
}

}  // namespace

Plan plan_lcb_official(const ScoreJob& job) {
  if (const auto* check = std::get_if<PythonTests>(job.check)) {
    Plan plan;
    plan.outcome.extracted = job.extracted ? job.text : official_program(check->fence, job.text);
    plan.run = Run{Run::Kind::tests, plan.outcome.extracted};
    return plan;
  }
  if (const auto* check = std::get_if<CallOutput>(job.check)) {
    return plan_call_output(*check,
                            job.extracted ? job.text : official_call_output(job.form, job.text));
  }
  const auto& check = std::get<TestOutput>(*job.check);
  return plan_test_output(check,
                          job.extracted ? job.text : official_test_output(check.fence, job.text));
}

void judge_lcb_official(const TestOutput& check, const ExecResult& result, ScoreOutcome& outcome) {
  const Verdict failure = verdict_of_failure(result.status);
  if (result.status != ExecStatus::ok) {
    return conclude(outcome, failure == Verdict::program_error ? Verdict::wrong : failure,
                    quoted(result.detail));
  }
  const auto value = parse_literal(result.value);
  if (!value) {
    return conclude(outcome, Verdict::wrong, "no literal: " + quoted(result.value));
  }
  conclude_equal("the answer", *value, parse_json(check.expected), outcome);
}

}  // namespace evalrun
