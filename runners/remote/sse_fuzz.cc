// The events of any bytes are the same, whatever pieces the bytes come in.
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/core/check.h"
#include "runners/remote/sse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto events = [&](std::size_t piece) {
    evalrun::SseParser parser(1000);
    evalrun::SseEvent e;
    std::string all;
    for (std::size_t at = 0; at < size; at += piece)
      for (parser.feed(bytes.substr(at, piece)); parser.next(e);)
        (all += e.name).append("\n").append(e.data) += '\0';
    if (parser.finish(e)) (all += e.name).append("\n").append(e.data);
    return all;
  };
  CHECK(size > 1000 || events(1) == events(size));
  return 0;
}
