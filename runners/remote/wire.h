// What stands on the wire, without the wire: request bodies, and the reading of responses in
// whatever pieces they come. Pure: no socket, no clock, no key. Everything read here is hostile.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "harness/core/types.h"

namespace evalrun {

enum class Api {
  openai,              // POST {base}/chat/completions
  openai_completions,  // POST {base}/completions: the messages' texts, joined by a blank line
  anthropic,           // POST {base}/messages
};
std::string_view name(Api api);  // as --api has it: "openai-completions"
bool parse(std::string_view text, Api& out);
std::string_view endpoint_path(Api api);  // "/chat/completions"

// How requests to one endpoint are worded; the presets of providers.h fill it.
struct WireOptions {
  Api api = Api::openai;
  std::string model;
  bool stream = true;
  bool sends_usage_option = true;  // stream_options.include_usage, where stream
  bool sends_seed = true;
  bool sends_system = true;  // false: system texts are put before the first user message
  std::string max_tokens_field = "max_tokens";  // or "max_completion_tokens"
  // A JSON object merged over the body last (-M key=value); a null takes the key out.
  std::string extra_json = "{}";
};

// The JSON body: equal requests give equal bytes. Texts that are no UTF-8 are made it. The seed is
// cut to 31 bits, which all servers take. CHECKs that extra_json is an object, that max_tokens is
// positive and that temperature and top_p are finite. Anthropic: system texts go into "system";
// neighbours of one role are joined by a blank line, since roles must alternate; no seed, and
// max_tokens has one name. Its documentation says to alter temperature or top_p but not both, and
// newer models refuse both: temperature is sent, and top_p only in its place, where temperature is
// 1 (no change) and top_p is not. Stop sequences of spaces alone are refused there and left out:
// cut_at_stop() does their work.
std::string request_body(const WireOptions& options, const Request& request);

// Ends `text` before the first of these, for what an endpoint did not do itself (some ignore
// "stop", some keep the stop string in the text). Empty ones are none.
void cut_at_stop(std::string& text, const std::vector<std::string>& stop);

enum class WireErrorKind {
  bad_request,   // 400, 413, 422 …: never sent again
  auth,          // 401, 403: no call can succeed
  not_found,     // 404: no such model or path: no call can succeed
  quota,         // 402, or 429 with insufficient_quota: no call can succeed
  rate_limited,  // 429
  overloaded,    // 503, 529
  server,        // 500, 502, 504 and other 5xx; 408, 409, 425
  protocol,      // not what the API promises: broken JSON, HTML, a cut stream, a redirect
};
std::string_view name(WireErrorKind kind);

struct WireError {
  WireErrorKind kind = WireErrorKind::protocol;
  std::string
      message;       // one line of valid UTF-8, printable, at most 500 bytes: the provider's words
  std::string code;  // the provider's own code or type, such as "context_length_exceeded"; or ""
  int http_status = 0;
};
// Worth another attempt: rate_limited, overloaded, server, and protocol but redirects.
bool is_transient(const WireError& error);
// No call of this run can succeed: auth, not_found, quota, redirects.
bool is_fatal(const WireError& error);

// Either an error, or a whole completion (finish stop, length or refused).
struct WireResult {
  std::optional<WireError> error;
  // text, reasoning, finish, usage, first_us, gaps, server; of a failed stream what had come, with
  // finish `error` and the error's message. Texts are valid UTF-8. All else is the caller's to set.
  Completion completion;
};

// Reads the body of one response. Not thread-safe.
//
// Thinking that a server sends in a field of its own (reasoning_content, reasoning, thinking
// blocks) is the completion's reasoning. Where there is none, thinking in tags is taken out of the
// text: from a "<think>" at its start (after white space) to the first "</think>", or to the end
// where that never comes; and all before a first "</think>" without a "<think>", which models send
// whose prompt template opens the tag. Line breaks after the closing tag go too. Elsewhere the tags
// are text. Only the choice of index 0 counts.
class ResponseReader {
 public:
  // A body of 2xx is read as server-sent events or as one JSON document, whatever was asked for: by
  // its first bytes, or where they do not tell by `content_type`, the header's value. Of other
  // statuses it is words for the error. Keeps at most 64 MB of a body, and of an answer; more is a
  // protocol error.
  ResponseReader(Api api, int http_status, std::string_view content_type);
  ~ResponseReader();
  ResponseReader(ResponseReader&&) noexcept;
  ResponseReader& operator=(ResponseReader&&) noexcept;

  // The next bytes, and when they came (microseconds since the Unix epoch). In a stream the first
  // piece with content or reasoning makes first_us, each further one a gap; a document has neither.
  void feed(std::string_view bytes, std::int64_t now_us);
  // True once the stream said that it is over ([DONE], message_stop), or an error is certain:
  // nothing more is needed.
  bool is_done() const;
  // The body's end; call it once. `whole`: it ended as HTTP says it should; false: the connection
  // was cut. A stream that carried a finish reason counts as whole even without [DONE], and so does
  // a [DONE] without one; a stream without either does not.
  WireResult finish(bool whole);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What GET {base}/models answers: ids, in order. Error (input): what is wrong, in the provider's
// words.
Result<std::vector<std::string>> parse_models(int http_status, std::string_view body);

}  // namespace evalrun
