// What the wire costs a call: the body that is sent, a stream of 30 chunks and a document that are
// read.
#include <benchmark/benchmark.h>

#include "runners/remote/wire_testing.h"

namespace evalrun {
namespace {

using testing::delta;
using testing::done;
using testing::event;

Request some_request(std::size_t bytes) {
  Request request;
  request.messages = {{Role::user, std::string(bytes, 'x')}};
  for (std::size_t at = 40; at < bytes; at += 40) request.messages[0].content[at] = '\n';
  request.stop = {"[/ANSWER]"};
  return request;
}

void BM_RequestBody(benchmark::State& state) {
  WireOptions options;
  options.model = "llama-3.3-70b";
  const Request request = some_request(std::size_t(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(request_body(options, request));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_RequestBody)->Arg(1000)->Arg(30000);

// Chunks as long as those of the providers: some 250 bytes for a token of five.
void BM_Stream(benchmark::State& state) {
  const std::string frame =
      R"({"id":"chatcmpl-7eb08824-fb8d-47af-a1f0-3aa786f2d1f3","object":"chat.completion.chunk",)"
      R"("created":1770770839,"model":"llama-3.3-70b","system_fingerprint":"fp_f8b414701e",)"
      R"("choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}]})";
  const std::string chunk = event(frame);
  const std::string end =
      delta("", R"("stop")") +
      event(R"({"choices":[],"usage":{"prompt_tokens":300,"completion_tokens":30}})") + done();
  for (auto _ : state) {
    ResponseReader reader(Api::openai, 200, "text/event-stream");
    for (int i = 0; i < state.range(0); ++i) reader.feed(chunk, i * 1000);
    reader.feed(end, 1'000'000);
    benchmark::DoNotOptimize(reader.finish(true));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Stream)->Arg(30)->Arg(1000);

void BM_Document(benchmark::State& state) {
  const std::string body = R"({"choices":[{"index":0,"message":{"role":"assistant","content":")" +
                           std::string(std::size_t(state.range(0)), 'x') +
                           R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":300}})";
  for (auto _ : state) {
    ResponseReader reader(Api::openai, 200, "application/json");
    reader.feed(body, 1);
    benchmark::DoNotOptimize(reader.finish(true));
  }
}
BENCHMARK(BM_Document)->Arg(100)->Arg(8000);

}  // namespace
}  // namespace evalrun
