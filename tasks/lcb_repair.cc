#include "tasks/lcb_repair.h"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "tasks/json_span.h"

namespace evalrun {
namespace {

using nlohmann::json;

// The official grader writes strings only; a number or null is no reason to refuse the file.
std::string shown(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return "";
  if (found->is_string()) return found->get<std::string>();
  return found->is_primitive() ? found->dump() : "";
}

Result<LcbFailure> parse_failure(const json& element) {
  const json object = element.is_string()
                          ? json::parse(element.get_ref<const std::string&>(), nullptr, false)
                          : element;
  if (!object.is_object()) return input_error("metadata: expected a JSON object in a string");
  LcbFailure failure;
  const auto code = object.find("error_code");
  if (code != object.end()) {
    if (!code->is_number_integer()) return input_error("metadata: error_code: expected an integer");
    failure.error_code = code->get<int>();
  }
  failure.error = shown(object, object.contains("error") ? "error" : "error_message");
  failure.has_test = object.contains("inputs") && object.contains("expected");
  failure.inputs = shown(object, "inputs");
  failure.output = shown(object, "output");
  failure.expected = shown(object, "expected");
  return failure;
}

Result<const json*> find_list(const json& row, const char* key, std::size_t size) {
  const auto found = row.find(key);
  if (found == row.end()) return input_error(std::string(key) + ": missing");
  if (!found->is_array())
    return input_error(std::string(key) + ": expected a list, found " + found->type_name());
  if (found->size() != size)
    return input_error(std::string(key) + ": expected " + std::to_string(size) +
                       " elements as in output_list, found " + std::to_string(found->size()));
  return &*found;
}

Status take_string(const json& element, const char* key, std::string& out) {
  if (!element.is_string())
    return input_error(std::string(key) + ": expected strings, found " + element.type_name());
  out = element.get<std::string>();
  return {};
}

Status take_attempt(const json& output, const json& code, const json& grade, const json& metadata,
                    LcbAttempt& attempt) {
  if (auto ok = take_string(output, "output_list", attempt.output); !ok) return ok;
  if (auto ok = take_string(code, "code_list", attempt.code); !ok) return ok;
  if (!grade.is_boolean())
    return input_error(std::string("graded_list: expected booleans, found ") + grade.type_name());
  attempt.right = grade.get<bool>();
  if (attempt.right) return {};
  auto failure = parse_failure(metadata);
  if (!failure) return std::unexpected(failure.error());
  attempt.failure = *std::move(failure);
  return {};
}

Status take_row(std::string_view text, int row_number, std::vector<LcbAttempt>& attempts) {
  const json row = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!row.is_object()) return input_error("not a JSON object");
  const auto id = row.find("question_id");
  if (id == row.end() || !id->is_string()) return input_error("question_id: expected a string");
  const auto first = row.find("output_list");
  const std::size_t count = first != row.end() && first->is_array() ? first->size() : 0;
  if (count == 0) return input_error("output_list: expected a list of at least one attempt");
  const json* lists[4] = {};
  const char* const keys[4] = {"output_list", "code_list", "graded_list", "metadata"};
  for (int i = 0; i < 4; ++i) {
    const auto list = find_list(row, keys[i], count);
    if (!list) return std::unexpected(list.error());
    lists[i] = *list;
  }
  for (std::size_t j = 0; j < count; ++j) {
    LcbAttempt attempt;
    attempt.row = row_number;
    attempt.question_id = id->get<std::string>();
    attempt.index = int(j);
    attempt.count = int(count);
    const auto ok =
        take_attempt((*lists[0])[j], (*lists[1])[j], (*lists[2])[j], (*lists[3])[j], attempt);
    if (!ok) return ok;
    attempts.push_back(std::move(attempt));
  }
  return {};
}

}  // namespace

Result<std::vector<LcbAttempt>> read_lcb_attempts(const MappedFile& file) {
  const auto rows = scan_json_array(file.bytes());
  if (!rows) return input_error(file.name() + ": " + rows.error().message);
  std::vector<LcbAttempt> attempts;
  std::map<std::string, int> first_row;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const std::string place = file.name() + ": row " + std::to_string(i + 1) + ": ";
    const std::size_t before = attempts.size();
    if (auto ok = take_row((*rows)[i], int(i + 1), attempts); !ok)
      return input_error(place + ok.error().message);
    const auto [first, fresh] = first_row.emplace(attempts[before].question_id, i + 1);
    if (!fresh)
      return input_error(place + "question_id: \"" + first->first +
                         "\" occurs twice, first in row " + std::to_string(first->second));
  }
  if (attempts.empty()) return input_error(file.name() + ": no rows");
  return attempts;
}

}  // namespace evalrun
