// The host's side of wire.h. Pure functions on bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scorers/sandbox/sandbox.h"
#include "scorers/sandbox/wire.h"

namespace evalrun {

// What opens a session; the texts follow it on the wire.
RequestHead request_head(std::uint64_t sequence, std::uint64_t nonce, const Program& program,
                         const Limits& limits, std::size_t longest_input_bytes);

struct Reply {
  RunResult result;
  bool open_session = false;  // an order must follow
};

// The bytes behind a head. Nothing if it answers another sequence or claims more than limits allow.
std::optional<std::size_t> reply_body_bytes(const ReplyHead& head, std::uint64_t sequence,
                                            const Limits& limits);
// `body` has reply_body_bytes() bytes.
Reply decode_reply(const ReplyHead& head, std::string_view body);

}  // namespace evalrun
