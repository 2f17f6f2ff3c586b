// What the answers to probe_questions.h show. Pure, and only from what was seen: where an answer
// does not tell, the finding is "not tested" with the reason. Everything read here is hostile.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runners/remote/http.h"
#include "runners/remote/wire.h"

namespace evalrun {

// One exchange, as it came.
struct ProbeReply {
  int status = 0;               // 0 = no response came
  std::string failure;          // why none came, or no whole one; one line; "" = it is whole
  bool is_unreachable = false;  // no request can come through, or nobody speaks HTTP there
  HttpHeaders headers;
  struct Piece {
    std::int64_t at_us = 0;  // as sent_us
    std::string bytes;
  };
  std::vector<Piece> body;
  std::int64_t sent_us = 0;  // steady_us, as done_us
  std::int64_t done_us = 0;  // the last piece of the body; without one the end
};
std::string body_of(const ProbeReply& reply);

// A reply as the API has it.
struct ProbeAnswer {
  std::string failure;      // one line; "" = there is an answer
  bool is_refused = false;  // the endpoint understood and declined: 400, 422, 501 and the like
  // No other question would fare better: no whole response came, the endpoint redirects, or it has
  // no such model, key or credit.
  bool is_hopeless = false;
  WireErrorKind kind = WireErrorKind::protocol;  // of the failure, where a response came
  Completion completion;                         // its times are those of the reply
  std::string body;
  bool is_answer() const { return failure.empty(); }
};
ProbeAnswer read_answer(Api api, const ProbeReply& reply);

enum class Support {
  yes,
  ignored,     // accepted, but not obeyed
  refused,     // with an error
  none_seen,   // of reasoning, which cannot be asked for in one way
  not_tested,  // the detail says why
};
std::string_view name(Support support);  // "not_tested"

struct Finding {
  Support support = Support::not_tested;
  std::string detail;  // as it came: neither printable nor short nor without secrets
  bool operator==(const Finding&) const = default;
};

// The answer to `plain`: does it end at kProbeTokensMax?
Finding judge_max_tokens(const ProbeAnswer& plain);
Finding judge_system(const ProbeAnswer& answer);
// Obeyed: the text ends before the stop string, which is not in it.
Finding judge_stop(const ProbeAnswer& answer);
// Obeyed: one seed gives one text, and another seed another.
Finding judge_seed(const ProbeAnswer& once, const ProbeAnswer& again, const ProbeAnswer& other);
Finding judge_n(const ProbeAnswer& answer);
Finding judge_logprobs(const ProbeAnswer& answer);
Finding judge_streaming(const ProbeAnswer& stream);
Finding judge_stream_usage(const ProbeAnswer& stream);
// Of all answers: in which form thinking came, if any did.
Finding judge_reasoning(Api api, std::span<const ProbeAnswer> answers);

struct Median {
  int n = 0;         // of how many; 0 = not measured
  double value = 0;  // of an even number the mean of the two in the middle
};
Median median_of(std::vector<double> values);

// From sending to the first piece of text; 0 = not measured.
double ttft_ms(const Completion& completion);
// Output tokens after the first, by the time from the first to the end: 1 / TPOT. 0 = not measured:
// no usage, one token, or all came at once (in one piece, or within a millisecond).
double output_tokens_per_s(const Completion& completion);

}  // namespace evalrun
