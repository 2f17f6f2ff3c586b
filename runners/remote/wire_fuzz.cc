// Any bytes are an answer or an error, the same in whatever pieces; texts are UTF-8, messages
// short.
#include <cstdint>
#include <string_view>

#include "harness/core/check.h"
#include "harness/core/text.h"
#include "runners/remote/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalrun;
  if (size < 3) return 0;  // the first bytes choose API, status and content type, and the piece
  const std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);
  constexpr int kStatuses[] = {200, 400, 200, 429, 200, 503, 301, 200};
  const auto read = [&](std::size_t piece) {
    ResponseReader reader(Api(data[0] % 3), kStatuses[data[0] / 3 % 8],
                          data[0] & 128 ? "text/event-stream" : "application/json");
    for (std::size_t at = 0; at < body.size(); at += piece) reader.feed(body.substr(at, piece), 1);
    return reader.finish(data[1] & 1);
  };
  const WireResult all = read(body.size()), pieces = read(1 + data[1] / 2);
  CHECK(all.error.has_value() == (all.completion.finish == Finish::error));
  CHECK(all.error.has_value() == pieces.error.has_value());
  CHECK(all.completion.text == pieces.completion.text);
  CHECK(all.completion.text == to_valid_utf8(all.completion.text));
  CHECK(!all.error || all.error->message.size() <= 500);
  (void)parse_models(200, body);
  return 0;
}
