// What host and zygote say to each other over one stream socket. Pure functions on bytes.
//
// Every message is a little-endian u32 length and that many bytes. Three kinds of body:
//   hello   zygote -> host, once:  'H' and the Python version
//   request host -> zygote:        RequestHead, source, arguments
//   reply   zygote -> host:        ReplyHead, reason, value, stdout, stderr
// Host and zygote share one machine, so the structs below are the wire form; zygote.py spells them
// as struct formats, and a test holds the sizes together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scorers/sandbox/sandbox.h"

namespace evalrun {

struct RequestHead {
  std::uint64_t sequence;  // comes back in the reply: an answer to another question is not taken
  std::uint64_t nonce;     // the program's verdict must quote it: spraying bytes forges nothing
  std::uint64_t memory_bytes;
  std::uint64_t output_bytes;
  std::uint32_t cpu_ms;
  std::uint32_t wall_ms;
  std::uint32_t processes;
  std::uint32_t kind;  // ProgramKind
  std::uint32_t source_size;
  std::uint32_t arguments_size;
};

struct ReplyHead {
  std::uint64_t sequence;
  std::uint64_t peak_memory_bytes;
  std::uint32_t cpu_ms;
  std::uint32_t wall_ms;
  std::uint32_t status;  // RunStatus
  std::int32_t exit_code;
  std::int32_t signal;
  std::uint32_t reason_size;
  std::uint32_t value_size;
  std::uint32_t stdout_size;
  std::uint32_t stderr_size;
  std::uint32_t unused;
};
static_assert(sizeof(RequestHead) == 56 && sizeof(ReplyHead) == 56);

// The whole message, length included.
std::string encode_request(std::uint64_t sequence, std::uint64_t nonce, const Program& program,
                           const Limits& limits);

// A reply's body (without the length). Nothing if it is malformed or answers another sequence.
std::optional<RunResult> decode_reply(std::string_view body, std::uint64_t sequence);

// The Python version from a hello's body; nothing if it is none.
std::optional<std::string> decode_hello(std::string_view body);

// The largest reply body that limits allow; a longer one is nonsense.
std::size_t max_reply_bytes(const Limits& limits);

}  // namespace evalrun
