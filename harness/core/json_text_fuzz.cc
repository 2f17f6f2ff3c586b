// Whatever the bytes, what is written is the JSON of one string, on one line, of valid UTF-8; and a
// string that was read back is written as the same bytes.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "harness/core/check.h"
#include "harness/core/json_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string once, twice;
  evalrun::append_json_string(once, {reinterpret_cast<const char*>(data), size});
  evalrun::append_json_string(twice, nlohmann::json::parse(once).get_ref<std::string&>());
  CHECK(once == twice && once.find('\n') == std::string::npos);
  return 0;
}
