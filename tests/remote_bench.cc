// What a call to an endpoint costs, in the whole program: evalrun run as a user starts it (suite,
// calls, journal, scores, report), against nginx returning one fixed answer on loopback. Beside it,
// in the same run: libcurl alone, one request after the other on one connection.
#include <benchmark/benchmark.h>
#include <curl/curl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <string>

#include "harness/core/check.h"
#include "tests/nginx_server.h"
#include "tests/program.h"

namespace evalrun {
namespace {

constexpr const char* kDocument =
    R"({"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,)"
    R"("message":{"role":"assistant","content":"3"},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":20,"completion_tokens":1,"total_tokens":21}})";

std::string stream() {
  std::string out;
  for (const char* event :
       {R"({"id":"x","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})",
        R"({"id":"x","choices":[{"index":0,"delta":{"content":"3"}}]})",
        R"({"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})",
        R"({"id":"x","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":1}})", "[DONE]"})
    out += std::string("data: ") + event + "\n\n";
  return out;
}

double seconds(const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) * 1e-6; }
double cpu_s(const rusage& use) { return seconds(use.ru_utime) + seconds(use.ru_stime); }

// range(0): connections; range(1): samples; range(2): 1 = streaming.
void BM_WholeRun(benchmark::State& state) {
  if (const std::string why = NginxServer::missing(); !why.empty())
    return state.SkipWithError(why.c_str());
  const bool streams = state.range(2) == 1;
  const NginxServer nginx({.body = streams ? stream() : kDocument,
                           .has_log = false,
                           .content_type = streams ? "text/event-stream" : "application/json"});
  CHECK(nginx.error().empty());
  const std::string connections = std::to_string(state.range(0));
  double cpu = 0, peak_mb = 0;
  for (auto _ : state) {
    const TestFolder folder;
    const pid_t pid = start_evalrun(
        {"--suite", "letters", "--letters-count", std::to_string(state.range(1)), "--target",
         "remote", "--base-url", nginx.url("/v1"), "--model", "m", "--max-connections", connections,
         "--start-connections", connections, "--out", folder.path("run")},
        folder.path("out"), folder.path("err"));
    int status = 0;
    rusage use{};
    CHECK(::wait4(pid, &status, 0, &use) == pid && status == 0);
    cpu += cpu_s(use);
    peak_mb = double(use.ru_maxrss) / 1024;
  }
  const double samples = double(state.iterations()) * double(state.range(1));
  state.counters["cpu_us_a_sample"] = cpu / samples * 1e6;
  state.counters["peak_MB"] = peak_mb;
  state.SetItemsProcessed(std::int64_t(samples));
}
BENCHMARK(BM_WholeRun)
    ->ArgNames({"connections", "samples", "streaming"})
    ->Args({64, 800, 0})
    ->Args({64, 20000, 0})
    ->Args({64, 20000, 1})
    ->Args({1000, 4000, 1})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

std::size_t ignore(char*, std::size_t, std::size_t n, void*) { return n; }

void BM_BareLibcurl(benchmark::State& state) {
  if (const std::string why = NginxServer::missing(); !why.empty())
    return state.SkipWithError(why.c_str());
  const NginxServer nginx({.body = kDocument, .has_log = false});
  CHECK(nginx.error().empty());
  const std::string url = nginx.url("/v1/chat/completions"), body(300, 'x');
  CURL* easy = curl_easy_init();
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &ignore);
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  for (auto _ : state) CHECK(curl_easy_perform(easy) == CURLE_OK);
  ::getrusage(RUSAGE_SELF, &after);
  state.counters["cpu_us_a_sample"] =
      (cpu_s(after) - cpu_s(before)) / double(state.iterations()) * 1e6;
  state.SetItemsProcessed(state.iterations());
  curl_slist_free_all(headers);
  curl_easy_cleanup(easy);
}
BENCHMARK(BM_BareLibcurl)->UseRealTime();

}  // namespace
}  // namespace evalrun
