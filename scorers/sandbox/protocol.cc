#include "scorers/sandbox/protocol.h"

#include <bit>
#include <cstring>

namespace evalrun {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kReasonBytesMax = 4096;

std::string with_length(const std::string& body) {
  const auto size = static_cast<std::uint32_t>(body.size());
  std::string message(sizeof size, '\0');
  std::memcpy(message.data(), &size, sizeof size);
  return message + body;
}

// Cuts `size` bytes off the front of `rest`; false if there are not that many.
bool take(std::string_view& rest, std::size_t size, std::string& out) {
  if (rest.size() < size) return false;
  out = rest.substr(0, size);
  rest.remove_prefix(size);
  return true;
}

}  // namespace

std::string encode_request(std::uint64_t sequence, std::uint64_t nonce, const Program& program,
                           const Limits& limits) {
  RequestHead head{};
  head.sequence = sequence;
  head.nonce = nonce;
  head.memory_bytes = static_cast<std::uint64_t>(limits.memory_bytes);
  head.output_bytes = static_cast<std::uint64_t>(limits.output_bytes);
  head.cpu_ms = static_cast<std::uint32_t>(limits.cpu_ms);
  head.wall_ms = static_cast<std::uint32_t>(limits.wall_ms);
  head.processes = static_cast<std::uint32_t>(limits.processes);
  head.kind = static_cast<std::uint32_t>(program.kind);
  head.source_size = static_cast<std::uint32_t>(program.source.size());
  head.arguments_size = static_cast<std::uint32_t>(program.arguments.size());
  std::string body(sizeof head, '\0');
  std::memcpy(body.data(), &head, sizeof head);
  return with_length(body + program.source + program.arguments);
}

std::optional<RunResult> decode_reply(std::string_view body, std::uint64_t sequence) {
  ReplyHead head{};
  if (body.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, body.data(), sizeof head);
  body.remove_prefix(sizeof head);
  const auto last = static_cast<std::uint32_t>(RunStatus::sandbox_error);
  if (head.sequence != sequence || head.status > last) return std::nullopt;

  RunResult result;
  result.status = static_cast<RunStatus>(head.status);
  result.exit_code = head.exit_code;
  result.signal = head.signal;
  result.cpu_ms = static_cast<int>(head.cpu_ms);
  result.wall_ms = static_cast<int>(head.wall_ms);
  result.peak_memory_bytes = static_cast<std::int64_t>(head.peak_memory_bytes);
  if (!take(body, head.reason_size, result.reason) || !take(body, head.value_size, result.value) ||
      !take(body, head.stdout_size, result.stdout_text) ||
      !take(body, head.stderr_size, result.stderr_text) || !body.empty()) {
    return std::nullopt;
  }
  return result;
}

std::optional<std::string> decode_hello(std::string_view body) {
  if (body.size() < 2 || body.size() > 64 || body[0] != 'H') return std::nullopt;
  return std::string(body.substr(1));
}

std::size_t max_reply_bytes(const Limits& limits) {
  return sizeof(ReplyHead) + kReasonBytesMax + 3 * static_cast<std::size_t>(limits.output_bytes);
}

}  // namespace evalrun
