#include <cstring>
#include <string_view>

#include "scorers/sandbox/protocol.h"

// A zygote that was taken over may answer anything: the head decides how much is read, and how.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  evalrun::Limits limits;
  limits.output_bytes = 1 << 16;
  ReplyHead head{};
  if (size < sizeof head) return 0;
  std::memcpy(&head, data, sizeof head);
  const auto bytes = evalrun::reply_body_bytes(head, head.sequence, limits);
  if (!bytes || size - sizeof head < *bytes) return 0;
  evalrun::decode_reply(head, {reinterpret_cast<const char*>(data) + sizeof head, *bytes});
  return 0;
}
