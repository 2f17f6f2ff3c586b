// Our rules for programs: each test is judged on what the program did, not on what it says of
// itself; its output is compared as contest judges do.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "scorers/json_value.h"
#include "scorers/lcb_compare.h"
#include "scorers/pyliteral.h"
#include "scorers/rules.h"

namespace evalrun {
namespace {

constexpr std::size_t kMaxShownBytes = 60;

std::string shown(const PyValue& value) {
  const std::string text = repr(value);
  return quoted(text.substr(0, kMaxShownBytes)) + (text.size() > kMaxShownBytes ? "..." : "");
}

// "" when the result is right. Error: the test is broken.
Result<std::string> value_difference(const std::string& result, const std::string& expected_json) {
  const auto expected = parse_json(expected_json);
  if (!expected) return std::unexpected(expected.error());
  const auto value = parse_literal(result, kMaxResultBytes);
  if (!value) {
    return fmt::format("the result is no literal: {}", quoted(result.substr(0, kMaxShownBytes)));
  }
  if (equal_result_strict(*value, *expected)) return "";
  return fmt::format("the result is {}, expected {}", shown(*value), shown(*expected));
}

// Compares test by test until one fails.
class StrictTests {
 public:
  StrictTests(const PythonTests& check, std::span<const TestCase> tests, ScoreOutcome& outcome)
      : check_(check), tests_(tests), outcome_(outcome) {}

  // As TestObserver.
  bool observe(std::size_t test, const ExecResult& result) {
    if (is_decided_) return false;
    if (test != passed_ || test >= tests_.size()) {
      return end(Verdict::infra_error, "the sandbox reported another test than the next");
    }
    if (result.status != ExecStatus::ok) return fail(result);
    Result<std::string> difference =
        check_.entry_point.empty()
            ? Result<std::string>(stdout_difference(result.value, tests_[test].output))
            : value_difference(result.value, tests_[test].output);
    if (!difference) return end(Verdict::infra_error, "broken: " + difference.error().message);
    if (!difference->empty()) return end(Verdict::wrong, *difference + known_fault());
    ++passed_;
    return true;
  }

  void finish() {
    if (is_decided_) return;
    if (passed_ == tests_.size() && !tests_.empty()) return conclude(outcome_, Verdict::right, "");
    conclude(outcome_, Verdict::infra_error,
             fmt::format("the sandbox ran {} of {} tests", passed_, tests_.size()));
  }

 private:
  bool end(Verdict verdict, std::string_view why) {
    is_decided_ = true;
    conclude(outcome_, verdict, fmt::format("test {}: {}", passed_ + 1, why));
    return false;
  }

  bool fail(const ExecResult& result) {
    if (const auto module = missing_module(result, ScorerKind::strict)) {
      return end(Verdict::infra_error, fmt::format("module {} is not installed here", *module));
    }
    return end(verdict_of_failure(result.status), quoted(result.detail));
  }

  std::string known_fault() const {
    return check_.erratum.empty() ? "" : fmt::format(" (known of these tests: {})", check_.erratum);
  }

  const PythonTests& check_;
  const std::span<const TestCase> tests_;
  ScoreOutcome& outcome_;
  std::size_t passed_ = 0;
  bool is_decided_ = false;
};

}  // namespace

std::optional<std::string> missing_module(const ExecResult& result, ScorerKind kind) {
  constexpr std::array<std::string_view, 7> kModules = {
      "numpy", "pandas", "scipy", "sympy", "networkx", "numba", "sortedcontainers"};
  constexpr std::string_view kMessage = "No module named '";
  const std::string_view detail = result.detail;
  if (result.status != ExecStatus::raised) return std::nullopt;
  // Before the tests the detail is the message alone.
  const bool is_import = detail.contains("ImportError") || result.before_tests;
  if (is_import && detail.contains("Importing the numpy C-extensions failed")) return "numpy";
  const std::size_t at = detail.find(kMessage);
  const bool is_missing =
      detail.contains("ModuleNotFoundError") || (result.before_tests && at == 0);
  if (!is_missing || at == detail.npos) return std::nullopt;
  const std::string_view named = detail.substr(at + kMessage.size());
  const std::string_view module = named.substr(0, named.find_first_of(".'"));
  const bool is_known = std::ranges::find(kModules, module) != kModules.end();
  if (!is_known || (kind == ScorerKind::official && module == "sortedcontainers")) {
    return std::nullopt;
  }
  return std::string(module);
}

void test_strict(const PythonTests& check, std::span<const TestCase> tests,
                 const std::string& program, Executor& executor, ScoreOutcome& outcome) {
  std::vector<std::string_view> inputs;
  for (const TestCase& test : tests) inputs.push_back(test.input);
  StrictTests judge(check, tests, outcome);
  executor.run_tests(
      {.official = false, .code = program, .entry_point = check.entry_point}, inputs,
      [&](std::size_t test, const ExecResult& result) { return judge.observe(test, result); });
  judge.finish();
}

}  // namespace evalrun
