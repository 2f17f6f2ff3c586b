#include "tasks/json_string.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace evalrun {

Status take_string(nlohmann::json& object, const char* key, std::string& out) {
  const auto found = object.find(key);
  if (found == object.end()) return input_error(std::string(key) + ": missing");
  std::string* text = found->get_ptr<std::string*>();
  if (text == nullptr)
    return input_error(std::string(key) + ": expected a string, found " + found->type_name());
  out = std::move(*text);
  return {};
}

}  // namespace evalrun
