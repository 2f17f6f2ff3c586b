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

// The JSON body. Texts that are no UTF-8 are made it. The seed is cut to 31 bits, which all servers
// take. CHECKs that extra_json is an object.
std::string request_body(const WireOptions& options, const Request& request);

enum class WireErrorKind {
  bad_request,   // 400, 422 …: never sent again
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
  std::string message;  // one line of valid UTF-8, printable, at most 500 bytes: the provider's words
  std::string code;     // the provider's own code or type, such as "context_length_exceeded"; or ""
  int http_status = 0;
};
bool is_transient(const WireError& error);  // worth another attempt
bool is_fatal(const WireError& error);      // no call of this run can succeed

// Either an error, or a whole completion (finish stop, length or refused).
struct WireResult {
  std::optional<WireError> error;
  // text, reasoning, finish, usage, first_us, gaps, server; of a failed stream what had come.
  Completion completion;
};

// Reads the body of one response. Not thread-safe.
class ResponseReader {
 public:
  // `content_type`: the header's value; "text/event-stream" is read as SSE, all else as one JSON
  // document, whatever was asked for. Keeps at most 64 MB of a body; more is a protocol error.
  ResponseReader(Api api, int http_status, std::string_view content_type);
  ~ResponseReader();
  ResponseReader(ResponseReader&&) noexcept;
  ResponseReader& operator=(ResponseReader&&) noexcept;

  // The next bytes, and when they came (microseconds since the Unix epoch): the first token and the
  // gaps between tokens are timed by it.
  void feed(std::string_view bytes, std::int64_t now_us);
  // True once the stream said that it is over ([DONE], message_stop): nothing more is needed.
  bool is_done() const;
  // The body's end. `whole`: it ended as HTTP says it should; false: the connection was cut. A stream
  // that carried a finish reason counts as whole even without [DONE]; one without either does not.
  WireResult finish(bool whole);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What GET {base}/models answers: ids, in order. Error (input): what is wrong, in the provider's words.
Result<std::vector<std::string>> parse_models(int http_status, std::string_view body);

}  // namespace evalrun
