#include "scorers/reason.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <nlohmann/json.hpp>

#include "harness/core/text.h"
#include "scorers/answer_text.h"
#include "scorers/decimal.h"
#include "scorers/json_value.h"
#include "scorers/lcb_metadata.h"
#include "scorers/pyliteral.h"

namespace evalrun {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 11> kClasses = {
    "our failure",  "extraction",      "time limit", "stdin/stdout mock", "exit", "main guard",
    "nested tuple", "float tolerance", "whitespace", "expression",        "other"};

constexpr std::string_view kOurFailure = kClasses[0], kExtraction = kClasses[1],
                           kTimeLimit = kClasses[2], kMock = kClasses[3], kExit = kClasses[4],
                           kMainGuard = kClasses[5], kNestedTuple = kClasses[6],
                           kFloat = kClasses[7], kWhitespace = kClasses[8],
                           kExpression = kClasses[9], kOther = kClasses[10];

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.contains(word); });
}

// What the official grader said of the failed test; empty texts where it said nothing.
struct Said {
  int error_code = 0;
  std::string output, expected, message, error;
};

std::string text_of(const Json& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found != metadata.end() && found->is_string() ? found->get<std::string>() : "";
}

Said read_details(const std::string& details) {
  const Json json = Json::parse(details, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("metadata") || !json["metadata"].is_object()) return {};
  const Json& metadata = json["metadata"];
  const auto code = metadata.find("error_code");
  return {code != metadata.end() && code->is_number_integer() ? code->get<int>() : 0,
          text_of(metadata, "output"), text_of(metadata, "expected"),
          text_of(metadata, "error_message"), text_of(metadata, "error")};
}

bool is_mocked(std::string_view code) {
  return contains_any(
      code, {"in sys.stdin", "(sys.stdin)", "stdin.buffer", "stdout.buffer", "open(0",
             "stdin.fileno", "input('", "input(\"", "input(f", "os.read(0", "readlines()"});
}

bool exits(std::string_view code) { return contains_any(code, {"exit(", "quit("}); }

bool is_wrapped_badly(std::string_view code) {
  return contains_any(code, {"__main__", "global ", "import *"});
}

bool holds_tuple(const PyValue& value) {
  return value.kind == PyValue::Kind::tuple || std::ranges::any_of(value.items, holds_tuple);
}

bool holds_float(const PyValue& value) {
  return value.kind == PyValue::Kind::real || std::ranges::any_of(value.items, holds_float);
}

// A called function's value, by its text and the expected one's; both may have been cut.
std::string_view value_class(const Said& said) {
  const auto value = parse_literal(said.output);
  if (value ? holds_tuple(*value) : said.output.contains('(')) return kNestedTuple;
  const auto expected = parse_literal(said.expected);
  if (expected ? holds_float(*expected) : said.expected.contains('.')) return kFloat;
  return kOther;
}

std::string_view stdout_class(const Said& said) {
  const auto words = python_words(said.output);
  const auto expected = python_words(said.expected);
  if (words.size() != expected.size()) return kOther;
  const auto differ = std::ranges::mismatch(words, expected);
  if (differ.in1 == words.end()) return kWhitespace;
  return parse_decimal(*differ.in1) && parse_decimal(*differ.in2) ? kFloat : kOther;
}

// The official grader alone says wrong.
std::string_view official_failed(const Said& said, std::string_view code) {
  if (said.message == "Wrong Answer") return value_class(said);
  const bool is_compared = said.error_code == kLcbWrong;
  if (is_compared && stdout_class(said) != kOther) return stdout_class(said);
  if (is_mocked(code)) return kMock;
  if (exits(code)) return kExit;
  return is_wrapped_badly(code) ? kMainGuard : kOther;
}

}  // namespace

std::string_view reason_class(const ScoreOutcome& official, const ScoreOutcome& strict) {
  const auto is = [&](Verdict verdict) {
    return official.verdict == verdict || strict.verdict == verdict;
  };
  const bool is_right = official.verdict == Verdict::right;
  if (is_right == (strict.verdict == Verdict::right)) return "";
  if (is(Verdict::infra_error) || is(Verdict::model_error)) return kOurFailure;
  const bool is_program = !official.details.empty();
  if (is_program ? strip(official.extracted) != strip(strict.extracted)
                 : strict.extracted.empty()) {
    return kExtraction;
  }
  if (is(Verdict::time_limit)) return kTimeLimit;
  if (!is_program) return is(Verdict::no_answer) ? kExpression : kOther;
  if (!is_right) return official_failed(read_details(official.details), official.extracted);
  if (is_mocked(official.extracted)) return kMock;
  return exits(official.extracted) ? kExit : kOther;
}

std::span<const std::string_view> reason_classes() { return kClasses; }

}  // namespace evalrun
