// What the files of wire share: the answer while it is being put together, and who reads what into
// it. Internal to wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/core/json.h"
#include "harness/core/types.h"
#include "runners/remote/wire.h"

namespace evalrun {

// What has come of one answer, whatever the API. Texts as they came, UTF-8 or not: characters that
// a server cut in two are whole again once the pieces are joined.
struct WireAnswer {
  std::string content;    // with any <think> … </think>
  std::string reasoning;  // from fields of its own
  std::string refusal;
  std::optional<Finish> finish;  // once the server said why it ended
  bool has_choice = false;       // anything that belongs to the answer came
  bool is_over = false;          // the stream said that nothing follows
  Usage usage;
  ServerTimes server;

  std::size_t bytes() const { return content.size() + reasoning.size() + refusal.size(); }
};

using WireFailure = std::optional<WireError>;  // nothing: all is well

// A whole body, or the JSON of one event. Each member that is missing or of the wrong type is a
// protocol error that names it. `root` is an object without an error inside.
WireFailure read_openai_document(JsonValue root, Api api, WireAnswer& answer);
WireFailure read_openai_chunk(JsonValue root, Api api, WireAnswer& answer);
WireFailure read_anthropic_document(JsonValue root, WireAnswer& answer);
WireFailure read_anthropic_event(JsonValue root, WireAnswer& answer);

// Whether this JSON reports an error instead of an answer.
bool is_error_report(JsonValue root);
// The provider's own words out of a body of any kind: JSON of any dialect, HTML, text.
WireError error_of_body(int http_status, std::string_view body);
// The same of JSON that is already parsed; `event_name` "error" counts as words too.
WireError error_of_json(int http_status, JsonValue root);
WireError protocol_error(std::string_view message, int http_status = 200);

bool is_html(std::string_view body);
std::string html_words(std::string_view body);  // "the server answered with HTML: Bad Gateway"
// One line of printable UTF-8 of at most that many bytes.
std::string shown_words(std::string_view words, std::size_t bytes_max = 500);

// Appends the string `value`; null or missing is none. Else a protocol error that names `path` and
// `member`.
WireFailure append_string(JsonValue value, std::string_view path, std::string_view member,
                          std::string& out);

// The number of 0 and up that usage[key] is; null or missing leaves `out` be. Else a protocol error
// that names the key.
WireFailure read_count(JsonValue usage, std::string_view key, std::int64_t& out);

// Moves thinking in tags from the content to the reasoning; see ResponseReader.
void split_thinking(std::string& content, std::string& reasoning);

}  // namespace evalrun
