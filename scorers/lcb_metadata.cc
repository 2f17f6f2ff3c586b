#include "scorers/lcb_metadata.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "harness/core/text.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;  // the grader's order of keys

constexpr std::size_t kMaxCharacters = 300;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string cut(std::string_view text) { return truncate_as_grader(to_valid_utf8(text)); }

bool is_continuation(char c) { return (c & 0xc0) == 0x80; }

// Where the character number `n` begins; the end if there are fewer.
std::size_t character_at(std::string_view utf8, std::size_t n) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if (!is_continuation(utf8[i]) && n-- == 0) return i;
  }
  return utf8.size();
}

}  // namespace

std::string lcb_details(const std::vector<int>& results, std::string_view metadata) {
  Json json = {{"results", Json::array()},
               {"metadata", Json::parse(metadata, nullptr, /*allow_exceptions=*/false)}};
  for (const int code : results) {
    json["results"].push_back(code == kLcbRight || code == kLcbWrongValue ? Json(code == kLcbRight)
                                                                          : Json(code));
  }
  return dump(json);
}

std::string lcb_passed(double seconds) { return dump({{"execution time", seconds}}); }

std::string lcb_wrong(std::string_view output, std::string_view inputs, std::string_view expected,
                      std::string_view message) {
  return dump({{"output", cut(output)},
               {"inputs", cut(inputs)},
               {"expected", cut(expected)},
               {"error_code", kLcbWrong},
               {"error_message", to_valid_utf8(message)}});
}

std::string lcb_raised(int code, std::string_view error, std::string_view inputs,
                       std::string_view expected) {
  return dump({{"error", to_valid_utf8(error)},
               {"error_code", code},
               {"error_message", code == kLcbTimeLimit ? "Time Limit Exceeded" : "Runtime Error"},
               {"inputs", cut(inputs)},
               {"expected", cut(expected)}});
}

std::string lcb_untestable(std::string_view error) {
  return dump({{"error_code", kLcbRuntimeError},
               {"error_message", "Error during testing: " + to_valid_utf8(error)}});
}

// The grader finds its list of results empty.
std::string lcb_no_result() {
  return dump({{"error", "IndexError('list index out of range')"},
               {"error_code", kLcbNoResult},
               {"error_message", "TestRunnerError"}});
}

std::string truncate_as_grader(std::string_view utf8) {
  const auto characters =
      std::size_t(std::ranges::count_if(utf8, [](char c) { return !is_continuation(c); }));
  if (characters <= kMaxCharacters) return std::string(utf8);
  std::string out(utf8.substr(0, character_at(utf8, kMaxCharacters / 2)));
  out += "...(truncated) ...";
  return out += utf8.substr(character_at(utf8, characters - kMaxCharacters / 2));
}

std::string python_str(const PyValue& value) {
  return value.kind == PyValue::Kind::string ? value.text : repr(value);
}

}  // namespace evalrun
