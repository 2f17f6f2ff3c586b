#include "runners/remote/wire_parts.h"
#include "runners/remote/wire_text.h"

namespace evalrun {
namespace {

using Type = WireValue::Type;

// {"data": […]} of OpenAI and most; a bare list of Together; {"models": […]} of Ollama's own.
WireValue model_list(WireValue root) {
  for (const WireValue list : {root, root["data"], root["models"]})
    if (list.is(Type::array)) return list;
  return {};
}

std::string model_id(WireValue model) {
  for (const WireValue id : {model, model["id"], model["name"]})
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
  WireJson json;
  if (is_html(body)) return input_error(shown_words(html_words(body)));
  if (!json.parse(body)) return input_error("models: the answer is not JSON");
  if (is_error_report(json.root()))
    return input_error(with_status(error_of_json(http_status, json.root())));
  const WireValue list = model_list(json.root());
  if (!list.is(Type::array)) return input_error("models: the answer has no list \"data\"");
  std::vector<std::string> ids;
  list.for_each_element([&](WireValue model) {
    std::string id = model_id(model);
    make_valid_utf8(id);
    if (!id.empty()) ids.push_back(std::move(id));
  });
  return ids;
}

}  // namespace evalrun
