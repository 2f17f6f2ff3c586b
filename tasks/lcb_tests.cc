#include "tasks/lcb_tests.h"

#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "tasks/encoded_bytes.h"
#include "tasks/json_string.h"
#include "tasks/pickle_string.h"
#include "tasks/row_fields.h"

namespace evalrun {
namespace {

using nlohmann::json;

Result<TestCase> take_test(json& object) {
  if (!object.is_object())
    return input_error(std::string("expected an object, found ") + object.type_name());
  TestCase test;
  std::string type;
  if (auto ok = take_string(object, "input", test.input); !ok) return std::unexpected(ok.error());
  if (auto ok = take_string(object, "output", test.output); !ok) return std::unexpected(ok.error());
  if (auto ok = take_string(object, "testtype", type); !ok) return std::unexpected(ok.error());
  if (type != "stdin" && type != "functional")
    return input_error("testtype: expected stdin or functional, found \"" + type.substr(0, 40) +
                       "\"");
  return test;
}

// What base64 text holds: the JSON list.
Result<std::vector<TestCase>> decode_packed(std::string_view base64) {
  auto bytes = decode_base64(base64);
  if (!bytes) return std::unexpected(bytes.error());
  const auto pickle = inflate_zlib(*bytes, kLcbInflatedMax);
  if (!pickle) return std::unexpected(pickle.error());
  bytes->clear();
  bytes->shrink_to_fit();  // tens of MB that are not needed beside the rest
  const auto text = read_pickled_string(*pickle);
  if (!text) return std::unexpected(text.error());
  return parse_lcb_tests(*text);
}

}  // namespace

Result<std::vector<TestCase>> parse_lcb_tests(std::string_view text) {
  json list = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!list.is_array()) return input_error("not a JSON list of tests");
  std::vector<TestCase> tests;
  tests.reserve(list.size());
  for (json& object : list) {
    auto test = take_test(object);
    if (!test)
      return input_error("test " + std::to_string(tests.size() + 1) + ": " + test.error().message);
    tests.push_back(*std::move(test));
  }
  return tests;
}

Result<std::vector<TestCase>> decode_lcb_tests(std::string_view field) {
  if (field.size() < 2 || !field.starts_with('"') || !field.ends_with('"'))
    return input_error("expected a string");
  std::string_view text = field.substr(1, field.size() - 2);
  std::string decoded;
  if (text.find('\\') != text.npos) {  // base64 has none, unless a writer escaped its slashes
    auto unescaped = decode_json_string(field);
    if (!unescaped) return std::unexpected(unescaped.error());
    decoded = *std::move(unescaped);
    text = decoded;
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != text.npos && text[first] == '[';  // no digit of base64
  return is_json ? parse_lcb_tests(text) : decode_packed(text);
}

Result<std::vector<TestCase>> load_lcb_tests(const LcbTestSpans& spans) {
  if (auto ok = spans.file->check_unchanged(); !ok) return std::unexpected(ok.error());
  const auto wrong = [&](const std::string& why) {
    return input_error(spans.file->name() + ":" + std::to_string(spans.line) + ": " + why);
  };
  auto tests = decode_lcb_tests(spans.public_tests);
  if (!tests) return wrong("public_test_cases: " + tests.error().message);
  auto more = decode_lcb_tests(spans.private_tests);
  spans.file->forget(spans.private_tests);
  if (!more) return wrong("private_test_cases: " + more.error().message);
  tests->insert(tests->end(), std::make_move_iterator(more->begin()),
                std::make_move_iterator(more->end()));
  if (tests->empty()) return wrong("no tests: any program would pass");
  return tests;
}

}  // namespace evalrun
