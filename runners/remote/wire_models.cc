#include "harness/core/json_text.h"
#include "runners/remote/wire_parts.h"

namespace evalrun {
namespace {

using Type = JsonValue::Type;

// {"data": […]} of OpenAI and most; a bare list of Together; {"models": […]} of Ollama's own.
JsonValue model_list(JsonValue root) {
  for (const JsonValue list : {root, root["data"], root["models"]})
    if (list.is(Type::array)) return list;
  return {};
}

std::string model_id(JsonValue model) {
  for (const JsonValue id : {model, model["id"], model["name"]})
    if (id.is(Type::string)) return id.text();
  return "";
}

std::string with_status(const WireError& error) {
  return error.message + " (HTTP " + std::to_string(error.http_status) + ")";
}

}  // namespace

Result<std::vector<std::string>> parse_models(int http_status, std::string_view body) {
  if (http_status < 200 || http_status >= 300)
    return input_error(with_status(error_of_body(http_status, body)));
  Json json;
  if (is_html(body)) return input_error(shown_words(html_words(body)));
  if (!json.parse(body)) return input_error("models: the answer is not JSON");
  if (is_error_report(json.root()))
    return input_error(with_status(error_of_json(http_status, json.root())));
  const JsonValue list = model_list(json.root());
  if (!list.is(Type::array)) return input_error("models: the answer has no list \"data\"");
  std::vector<std::string> ids;
  list.for_each_element([&](JsonValue model) {
    std::string id = model_id(model);
    make_valid_utf8(id);
    if (!id.empty()) ids.push_back(std::move(id));
  });
  return ids;
}

}  // namespace evalrun
