// A model behind an HTTP endpoint: thousands of calls in flight on one I/O thread, each answered
// exactly once. START HERE to read this folder; wire.h says what is sent and read.
//
//   submit -> queue -> limiter says go -> attempt (http) -> wire reads -> answer
//                ^------ transient failure: full-jitter backoff or Retry-After ------'
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/model.h"
#include "runners/remote/http.h"
#include "runners/remote/limiter.h"
#include "runners/remote/secret.h"
#include "runners/remote/wire.h"

namespace evalrun {

struct RemoteOptions {
  std::string base_url;  // such as "https://api.cerebras.ai/v1"; see check_base_url
  WireOptions wire;
  std::string key;                   // "" = none is sent
  std::vector<std::string> headers;  // more of them, "Name: value"
  Secrets secrets;                   // hidden from all that is returned; holds the key
  LimiterOptions limits;
  HttpOptions http;
  std::int64_t attempt_timeout_ms = 600'000;  // from sending to the last byte
  std::int64_t stall_timeout_ms = 60'000;     // between two pieces of an answer
  std::int64_t timeout_ms = 0;  // from submit to the last byte, waits and retries too; 0 = none
  int max_retries = 10;         // attempts after the first, of transient failures only
  // Told one line where a person would wonder why nothing happens: the endpoint asks for a pause of
  // 10 s or more. On the I/O thread; may be empty.
  std::function<void(const std::string&)> notice;
};

// Error (usage): not http(s)://host…, or with a user, a password or a key in it.
Status check_base_url(const std::string& base_url);

// The headers that carry the key and say what is sent, for `api`.
std::vector<std::string> request_headers(const RemoteOptions& options);

// One wait before attempt `failures` + 1: uniform from 0 to 0.5 s doubled each time, up to 60 s
// ("full jitter", M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog 2015).
// `random`: any 64 bits.
std::int64_t backoff_us(int failures, std::uint64_t random);

// Thread-safe. An endpoint that nobody can use (no such host, refused key, unknown model) makes
// completions with is_fatal. Destruction ends the calls in flight as errors.
class RemoteModel : public Model {
 public:
  explicit RemoteModel(RemoteOptions options);
  ~RemoteModel() override;

  std::future<Completion> submit(Request request) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace evalrun
