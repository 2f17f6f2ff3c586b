// What the twin accepts, and is not too deep, is read; what is read is the same without its white
// space.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "harness/core/check.h"
#include "harness/core/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  evalrun::Json json, again;
  const bool is_read = json.parse(text);
  const bool has_nul = text.contains('\0');  // which the twin takes for the end of the text
  CHECK(is_read || size > 128 || has_nul || !nlohmann::json::accept(text));
  std::string compact, twice;
  json.root().append_compact_to(compact);
  CHECK(again.parse(compact) == is_read && again.root().size() == json.root().size());
  again.root().append_compact_to(twice);
  CHECK(twice == compact && again.root().text() == json.root().text());
  return 0;
}
