// LiveCodeBench's grading of one program (run_test in evaluation/testing_util.py at 28fef95) over
// the sandbox's reports. The sandbox runs the program as the grader does; here are the comparisons,
// the result codes and the metadata. See rules_lcb_official.cc for what deviates.
#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "scorers/json_value.h"
#include "scorers/lcb_compare.h"
#include "scorers/lcb_metadata.h"
#include "scorers/pyliteral.h"
#include "scorers/rules.h"

namespace evalrun {
namespace {

bool contains_ignoring_case(std::string_view text, std::string_view lower_word) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; };
  return !std::ranges::search(text, lower_word, {}, lower).empty();
}

// Python's [json.loads(line) for line in input.split("\n")], printed; nothing to see if it is none.
std::string shown_arguments(std::string_view input) {
  PyValue arguments{.kind = PyValue::Kind::list};
  for (;;) {
    const std::size_t end = input.find('\n');
    auto argument = parse_json(input.substr(0, end));
    arguments.items.push_back(argument ? std::move(*argument) : PyValue{});
    if (end == input.npos) return python_str(arguments);
    input.remove_prefix(end + 1);
  }
}

// The grade of one program while its tests run.
class Grade {
 public:
  Grade(const PythonTests& check, std::span<const TestCase> tests, ScoreOutcome& outcome)
      : is_call_(!check.entry_point.empty()), tests_(tests), outcome_(outcome) {}

  // As TestObserver.
  bool observe(std::size_t test, const ExecResult& result);
  void finish();

 private:
  bool compare_stdout(std::size_t test, const ExecResult& result);
  bool compare_value(std::size_t test, const ExecResult& result);
  bool fail(std::size_t test, const ExecResult& result);
  bool raise(std::size_t test, int code, std::string_view error, Verdict verdict);
  bool untestable(std::string_view error, Verdict verdict);
  bool no_result(std::string_view why, Verdict verdict);
  // Always false: the first failure ends the tests.
  bool end(int code, std::string metadata, Verdict verdict, std::string_view why);
  bool ours(std::string why);

  std::string inputs(std::size_t test) const {
    return is_call_ ? shown_arguments(tests_[test].input) : tests_[test].input;
  }
  std::string expected(std::size_t test) const {
    if (!is_call_) return tests_[test].output;
    const auto value = parse_json(tests_[test].output);
    return value ? python_str(*value) : tests_[test].output;
  }

  const bool is_call_;
  const std::span<const TestCase> tests_;
  ScoreOutcome& outcome_;
  std::vector<int> results_;
  std::int64_t cpu_us_ = 0;
  bool is_decided_ = false;
};

bool Grade::end(int code, std::string metadata, Verdict verdict, std::string_view why) {
  is_decided_ = true;
  results_.push_back(code);
  outcome_.details = lcb_details(results_, metadata);
  conclude(outcome_, verdict, quoted(fmt::format("test {}: {}", results_.size(), why)));
  return false;
}

bool Grade::ours(std::string why) {
  is_decided_ = true;
  conclude(outcome_, Verdict::infra_error, quoted(why));
  return false;
}

bool Grade::raise(std::size_t test, int code, std::string_view error, Verdict verdict) {
  return end(code, lcb_raised(code, error, inputs(test), expected(test)), verdict, error);
}

// The whole list is replaced by this one code.
bool Grade::untestable(std::string_view error, Verdict verdict) {
  results_.clear();
  return end(kLcbRuntimeError, lcb_untestable(error), verdict, error);
}

bool Grade::no_result(std::string_view why, Verdict verdict) {
  results_.clear();
  return end(kLcbWrong, lcb_no_result(), verdict, why);
}

bool Grade::compare_stdout(std::size_t test, const ExecResult& result) {
  const TestCase& expected = tests_[test];
  const OfficialStdout compared = compare_stdout_official(result.value, expected.output);
  switch (compared.result) {
    case OfficialStdout::Result::equal:
      results_.push_back(kLcbRight);
      return true;
    case OfficialStdout::Result::different:
      break;
    case OfficialStdout::Result::raises:
      return untestable(compared.message, Verdict::program_error);
  }
  return end(kLcbWrong, lcb_wrong(result.value, expected.input, expected.output, compared.message),
             Verdict::wrong, compared.message);
}

bool Grade::compare_value(std::size_t test, const ExecResult& result) {
  const auto expected_value = parse_json(tests_[test].output);
  if (!expected_value) {
    return ours(fmt::format("test {} is broken: {}", test + 1, expected_value.error().message));
  }
  const auto value = parse_literal(result.value, kMaxResultBytes);
  if (value && equal_result_official(*value, *expected_value)) {
    results_.push_back(kLcbRight);
    return true;
  }
  std::string shown = result.value;
  if (value) {  // the grader prints what it compared: a tuple is a list by then
    PyValue compared = *value;
    if (compared.kind == PyValue::Kind::tuple) compared.kind = PyValue::Kind::list;
    shown = python_str(compared);
  }
  return end(kLcbWrongValue, lcb_wrong(shown, inputs(test), expected(test), "Wrong Answer"),
             Verdict::wrong, "Wrong Answer");
}

// What the program's process reported, or what became of it.
bool Grade::fail(std::size_t test, const ExecResult& result) {
  const Verdict verdict = verdict_of_failure(result.status);
  if (const auto module = missing_module(result, ScorerKind::official)) {
    return ours(fmt::format("module {} is not installed here", *module));
  }
  const bool is_memory_error = result.detail == "MemoryError";  // raised in the program
  // The grader's alarm counts the clock's time, so it wakes a program that sleeps; ours counts CPU
  // time, and such a program is killed for its wall time in the end.
  const bool is_asleep =
      result.status == ExecStatus::time_limit && result.detail.contains("wall time");
  const std::string error = is_asleep ? "TimeoutException()" : result.detail;
  // The grader looks for the word in the exception's repr(), whoever raised it. A program that
  // swallowed the exception, or was busy in C, is killed at last.
  const bool is_timeout = contains_ignoring_case(error, "timeoutexception");
  switch (result.status) {
    case ExecStatus::raised:
    case ExecStatus::time_limit:
      if (result.before_tests) return untestable(is_asleep ? "" : error, verdict);
      if (is_timeout) return raise(test, kLcbTimeLimit, error, Verdict::time_limit);
      if (result.status == ExecStatus::time_limit) return no_result(result.detail, verdict);
      return raise(test, kLcbRuntimeError, result.detail, verdict);
    case ExecStatus::memory_limit:
      if (!is_memory_error) return no_result(result.detail, verdict);
      if (result.before_tests) return untestable("", verdict);
      return raise(test, kLcbRuntimeError, "MemoryError()", verdict);
    case ExecStatus::ok:
    case ExecStatus::exited:
    case ExecStatus::crashed:
    case ExecStatus::output_limit:
      return no_result(result.detail, verdict);
    case ExecStatus::infra_error:
      break;
  }
  return ours(result.detail);
}

bool Grade::observe(std::size_t test, const ExecResult& result) {
  if (is_decided_) return false;
  if (test != results_.size() || test >= tests_.size()) {
    return ours("the sandbox reported another test than the next");
  }
  cpu_us_ += result.cpu_us;
  // The grader takes SystemExit of a whole program for its end, whatever the exit code. A method's
  // ends the grader's process, as os._exit does.
  const bool is_end =
      result.status == ExecStatus::ok ||
      (result.status == ExecStatus::exited && !is_call_ && result.detail.contains("SystemExit"));
  if (!is_end) return fail(test, result);
  return is_call_ ? compare_value(test, result) : compare_stdout(test, result);
}

void Grade::finish() {
  if (is_decided_) return;
  if (results_.size() < tests_.size() || tests_.empty()) {
    ours(fmt::format("the sandbox ran {} of {} tests", results_.size(), tests_.size()));
    return;
  }
  outcome_.details = lcb_details(results_, lcb_passed(double(cpu_us_) / 1e6));
  conclude(outcome_, Verdict::right, "");
}

}  // namespace

void test_official(const PythonTests& check, std::span<const TestCase> tests,
                   const std::string& program, Executor& executor, ScoreOutcome& outcome) {
  std::vector<std::string_view> inputs;
  for (const TestCase& test : tests) inputs.push_back(test.input);
  Grade grade(check, tests, outcome);
  executor.run_tests(
      {.official = true, .code = program, .entry_point = check.entry_point}, inputs,
      [&](std::size_t test, const ExecResult& result) { return grade.observe(test, result); });
  grade.finish();
}

}  // namespace evalrun
