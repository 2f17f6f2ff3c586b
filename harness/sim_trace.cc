#include "harness/sim_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <queue>

#include "harness/core/json_text.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

// Names of steps and samples come from files: text, never markup.
std::string quoted(const std::string& text) {
  std::string out;
  append_json_string(out, to_printable(to_valid_utf8(text), true));
  return out;
}

std::string us(std::int64_t ns) { return fmt::format("{}.{:03}", ns / 1000, ns % 1000); }

// The lowest track on which nothing is under way, for each call.
std::vector<std::int64_t> tracks_of(const std::vector<sim::CallTimes>& calls) {
  std::vector<std::size_t> order(calls.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return calls[i].ready_s; });
  std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> free;
  using Busy = std::pair<double, std::int64_t>;  // until when, which
  std::priority_queue<Busy, std::vector<Busy>, std::greater<>> busy;
  std::vector<std::int64_t> tracks(calls.size());
  std::int64_t used = 0;
  for (const std::size_t i : order) {
    for (; !busy.empty() && busy.top().first <= calls[i].ready_s; busy.pop())
      free.push(busy.top().second);
    std::int64_t track = used;
    if (free.empty()) {
      ++used;
    } else {
      track = free.top();
      free.pop();
    }
    tracks[i] = track;
    busy.emplace(calls[i].done_s, track);
  }
  return tracks;
}

}  // namespace

SimTrace::SimTrace()
    : out_(R"({"otherData":{"simulated":true,"tool":"evalrun"},"displayTimeUnit":"ms",)"
           "\n\"traceEvents\":[") {}

void SimTrace::add(const SimTarget& target, const StrategyPlay& play) {
  ++process_;
  const std::vector<sim::CallTimes>& calls = play.timeline.calls;
  const std::vector<std::int64_t> tracks = tracks_of(calls);
  add_name("process_name", 0,
           target.title + " as " + target.as + ": " + play.calls->strategy + " - simulated");
  const std::int64_t used = tracks.empty() ? 0 : 1 + *std::ranges::max_element(tracks);
  for (std::int64_t track = 0; track < used; ++track)
    add_name("thread_name", track, fmt::format("calls {}", track + 1));
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto& [sample, use] = play.calls->steps[i];
    const sim::CallTimes& t = calls[i];
    const std::string name = fmt::format("{}/{}#{}", sample->suite, sample->sample, sample->epoch);
    add_slice(use->step, tracks[i], t.ready_s, t.done_s, name + " " + use->path);
    if (t.start_s > t.ready_s) add_slice("waits", tracks[i], t.ready_s, t.start_s, "");
    add_slice("prompt", tracks[i], t.start_s, t.first_s, "");
    if (t.done_s > t.first_s) add_slice("completion", tracks[i], t.first_s, t.done_s, "");
  }
  for (const sim::LoadPoint& point : play.timeline.load) add_load(point);
}

std::string SimTrace::finish() {
  if (out_.ends_with(',')) out_.pop_back();
  return std::move(out_) + "\n]}\n";
}

void SimTrace::add_name(const char* kind, std::int64_t track, const std::string& name) {
  fmt::format_to(
      std::back_inserter(out_),
      "\n{{\"name\":\"{}\",\"ph\":\"M\",\"pid\":{},\"tid\":{},\"args\":{{\"name\":{}}}}},", kind,
      process_, track, quoted(name));
}

// Begin and end are rounded, not the length: so slices that touch still do.
void SimTrace::add_slice(const std::string& name, std::int64_t track, double begin_s, double end_s,
                         const std::string& sample) {
  const std::int64_t begin_ns = std::llround(begin_s * 1e9);
  fmt::format_to(std::back_inserter(out_),
                 "\n{{\"name\":{},\"cat\":\"simulated\",\"ph\":\"X\",\"ts\":{},\"dur\":{},"
                 "\"pid\":{},\"tid\":{}",
                 quoted(name), us(begin_ns), us(std::llround(end_s * 1e9) - begin_ns), process_,
                 track);
  if (!sample.empty())
    fmt::format_to(std::back_inserter(out_), ",\"args\":{{\"call\":{}}}", quoted(sample));
  out_ += "},";
}

void SimTrace::add_load(const sim::LoadPoint& point) {
  fmt::format_to(std::back_inserter(out_),
                 "\n{{\"name\":\"calls\",\"ph\":\"C\",\"ts\":{0:.3f},\"pid\":{1},\"args\":"
                 "{{\"running\":{2},\"waiting\":{3}}}}},\n{{\"name\":\"KV cache (tokens)\","
                 "\"ph\":\"C\",\"ts\":{0:.3f},\"pid\":{1},\"args\":{{\"tokens\":{4}}}}},",
                 point.at_s * 1e6, process_, point.running, point.waiting, point.kv_tokens);
}

}  // namespace evalrun
