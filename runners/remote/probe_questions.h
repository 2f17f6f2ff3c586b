// What evalrun probe asks an endpoint: a dozen small requests, each of which shows one thing that
// the endpoint supports or does not. Pure. probe_findings.h reads the answers.
#pragma once

#include <string>
#include <string_view>

#include "runners/remote/wire.h"

namespace evalrun {

enum class Question {
  plain,       // nothing but a limit of tokens: what fails here says nothing about parameters
  system,      // a system text that only an endpoint that hears it follows
  stop,        // to count up to 9, with kProbeStop as a stop string
  seed,        // a small invention at temperature 1, with a seed; asked twice
  other_seed,  // the same with another seed
  n,           // two choices
  logprobs,
  stream,                // server-sent events, usage asked for
  stream_without_usage,  // the same for endpoints that refuse to be asked for usage
};

inline constexpr int kProbeTokensMax = 16;           // of `plain`, n and logprobs
inline constexpr std::string_view kProbeStop = "7";  // of `stop`
inline constexpr std::string_view kProbeBeforeStop = "6";
inline constexpr std::string_view kProbeSystemWord = "pineapple";  // of `system`

// The body of the request. Parameters that an API has no word for are sent in OpenAI's words
// nevertheless: whether they are refused is for the endpoint to say. Temperature is 1 throughout,
// which every model takes. CHECKs that options.extra_json is an object.
std::string question_body(Question question, const WireOptions& options);

// Why it cannot be asked: -M already sets what it is about, or the API has no place for it; "" = it
// can.
std::string why_not_asked(Question question, const WireOptions& options);

}  // namespace evalrun
