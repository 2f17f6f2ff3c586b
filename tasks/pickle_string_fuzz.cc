#include <cstddef>
#include <cstdint>

#include "harness/core/check.h"
#include "tasks/pickle_string.h"

// Any bytes are one string inside the pickle or one line of error; never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view pickle(reinterpret_cast<const char*>(data), size);
  const auto text = evalrun::read_pickled_string(pickle);
  if (text) {
    CHECK(text->data() >= pickle.data());
    CHECK(text->data() + text->size() <= pickle.data() + pickle.size());
  } else {
    CHECK(text.error().message.starts_with("pickle: "));
  }
  return 0;
}
