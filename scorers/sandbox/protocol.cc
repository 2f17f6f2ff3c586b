#include "scorers/sandbox/protocol.h"

#include <bit>

#include "harness/core/check.h"

namespace evalrun {
namespace {

static_assert(std::endian::native == std::endian::little);
static_assert(sizeof(RequestHead) == 72 && sizeof(ReplyHead) == 72 && sizeof(OrderHead) == 16);
static_assert(static_cast<int>(ProgramKind::official_method) == WIRE_KINDS - 1);
static_assert(static_cast<int>(RunStatus::sandbox_error) == WIRE_SANDBOX_ERROR);

// Cuts `size` bytes off the front of `rest`.
std::string take(std::string_view& rest, std::size_t size) {
  CHECK(rest.size() >= size);
  std::string out(rest.substr(0, size));
  rest.remove_prefix(size);
  return out;
}

}  // namespace

RequestHead request_head(std::uint64_t sequence, std::uint64_t nonce, const Program& program,
                         const Limits& limits, std::size_t longest_input_bytes) {
  RequestHead head{};
  head.sequence = sequence;
  head.nonce = nonce;
  head.memory_bytes = static_cast<std::uint64_t>(limits.memory_bytes);
  head.output_bytes = static_cast<std::uint64_t>(limits.output_bytes);
  head.input_bytes = longest_input_bytes;
  head.cpu_ms = static_cast<std::uint32_t>(limits.cpu_ms);
  head.wall_ms = static_cast<std::uint32_t>(limits.wall_ms);
  head.processes = static_cast<std::uint32_t>(limits.processes);
  head.kind = static_cast<std::uint32_t>(program.kind);
  head.prelude = program.lcb_prelude ? 1 : 0;
  head.source_size = static_cast<std::uint32_t>(program.source.size());
  head.arguments_size = static_cast<std::uint32_t>(program.arguments.size());
  return head;
}

std::optional<std::size_t> reply_body_bytes(const ReplyHead& head, std::uint64_t sequence,
                                            const Limits& limits) {
  const auto most = static_cast<std::uint64_t>(limits.output_bytes);
  if (head.sequence != sequence || head.status > WIRE_SANDBOX_ERROR) return std::nullopt;
  if (head.reason_size > WIRE_REASON_MAX) return std::nullopt;
  std::size_t bytes = head.reason_size;
  for (const std::uint32_t size : {head.value_size, head.stdout_size, head.stderr_size}) {
    if (size > most) return std::nullopt;
    bytes += size;
  }
  return bytes;
}

Reply decode_reply(const ReplyHead& head, std::string_view body) {
  Reply reply;
  RunResult& result = reply.result;
  result.status = static_cast<RunStatus>(head.status);
  result.exit_code = head.exit_code;
  result.signal = head.signal;
  result.cpu_us = static_cast<std::int64_t>(head.cpu_us);
  result.wall_us = static_cast<std::int64_t>(head.wall_us);
  result.peak_memory_bytes = static_cast<std::int64_t>(head.peak_memory_bytes);
  result.before_tests = head.before_tests != 0;
  result.reason = take(body, head.reason_size);
  result.value = take(body, head.value_size);
  result.stdout_text = take(body, head.stdout_size);
  result.stderr_text = take(body, head.stderr_size);
  reply.open_session = head.open_session != 0;
  return reply;
}

}  // namespace evalrun
