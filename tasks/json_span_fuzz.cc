#include <cstddef>
#include <cstdint>

#include "harness/core/check.h"
#include "tasks/json_span.h"

// Any bytes are members in order inside the text, or an error with a place; never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const char* at = text.data();
  const auto members = evalrun::scan_json_object(text);
  if (!members) CHECK(members.error().message.starts_with("byte "));
  for (const auto& member : members ? *members : std::vector<evalrun::JsonMember>{}) {
    CHECK(member.key.data() >= at && !member.value.empty());
    at = member.value.data() + member.value.size();
  }
  CHECK(at <= text.data() + text.size());
  evalrun::scan_json_array(text);
  return 0;
}
