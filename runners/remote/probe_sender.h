// Sends the requests of evalrun probe, one after the other, and gives each reply back as it came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runners/remote/event_loop.h"
#include "runners/remote/http.h"
#include "runners/remote/probe_findings.h"
#include "runners/remote/remote_model.h"

namespace evalrun {

// Obeys Retry-After and used up windows where they are short, so that an endpoint that allows few
// requests a minute can be probed too. For one thread.
class ProbeSender {
 public:
  explicit ProbeSender(const RemoteOptions& options);  // outlives this
  ~ProbeSender();

  // GET {base_url}/models.
  ProbeReply get_models();
  // POST to the API's path. A refusal for the time being (429, 503, 529) is tried once more, if the
  // endpoint asks for no long wait. Bodies of errors and all headers come back without secrets.
  ProbeReply post(const std::string& body);

  int calls() const { return calls_; }  // requests that were sent

 private:
  ProbeReply exchange(HttpRequest request);

  const RemoteOptions& options_;
  const std::vector<std::string> headers_;
  int calls_ = 0;
  std::int64_t ready_us_ = 0;         // steady; nothing is sent before
  std::optional<HttpClient> client_;  // of the loop's thread
  EventLoop loop_;                    // last: its thread uses the client
};

}  // namespace evalrun
