#include "results/record_json.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "results/json_reader.h"
#include "results/json_writer.h"

namespace evalrun {
namespace {

void write_usage(JsonWriter& out, const Usage& usage) {
  out.open_object("usage");
  out.member("prompt", usage.prompt);
  out.member("cached", usage.cached);
  out.member("completion", usage.completion);
  out.member("reasoning", usage.reasoning);
  out.close_object();
}

Usage read_usage(JsonReader& parent) {
  Usage usage;
  const JsonValue value = parent.object("usage");
  if (!parent.ok()) return usage;
  JsonReader in(value, {&parent, "usage"});
  in.read("prompt", usage.prompt);
  in.read("cached", usage.cached);
  in.read("completion", usage.completion);
  in.read("reasoning", usage.reasoning);
  parent.absorb(in.done());
  return usage;
}

void read_times(JsonReader& parent, Completion& completion) {
  const JsonValue value = parent.object("time_us");
  if (!parent.ok()) return;
  JsonReader in(value, {&parent, "time_us"});
  in.read("scheduled", completion.scheduled_us);
  in.read("sent", completion.sent_us);
  in.read("first", completion.first_us);
  in.read("done", completion.done_us);
  parent.absorb(in.done());
}

void read_server(JsonReader& parent, ServerTimes& server) {
  const JsonValue value = parent.object("server_us");
  if (!parent.ok()) return;
  JsonReader in(value, {&parent, "server_us"});
  in.read("queue", server.queue_us);
  in.read("prompt", server.prompt_us);
  in.read("completion", server.completion_us);
  in.read("total", server.total_us);
  parent.absorb(in.done());
}

// False: it is no pair of a bucket and how many gaps are in it, or the bucket was there before.
bool add_gap(JsonValue pair, GapCounts& gaps) {
  // Far above any real answer, far below what could overflow a sum over many of them.
  constexpr std::uint64_t kCountMax = std::numeric_limits<std::int32_t>::max();
  static const auto bucket_max =
      std::uint64_t(gap_bucket(std::numeric_limits<std::int64_t>::max()));
  if (pair.size() != 2) return false;
  std::array<std::optional<std::uint64_t>, 2> numbers;
  std::size_t read = 0;
  pair.for_each_element([&](JsonValue number) { numbers[read++] = number.whole(); });
  const auto [bucket, count] = numbers;
  if (!bucket || *bucket > bucket_max || !count || *count < 1 || *count > kCountMax) return false;
  const std::size_t before = gaps.size();
  gaps.emplace_hint(gaps.end(), int(*bucket), std::int64_t(*count));  // they are written in order
  return gaps.size() > before;
}

void read_gaps(JsonReader& parent, GapCounts& gaps) {
  parent.array("gaps").for_each_element([&](JsonValue pair) {
    if (!add_gap(pair, gaps))
      parent.wrong("gaps", "must be a list of [bucket, count], each bucket once");
  });
}

// What version 0.1 did not write, and what is left out where it says nothing.
void write_remote(JsonWriter& out, const Completion& c) {
  if (c.attempts != 1) out.member("attempts", c.attempts);
  if (c.from_cache) out.member("from_cache", true);
  if (!c.gaps.empty()) {
    out.open_array("gaps");
    for (const auto& [bucket, count] : c.gaps) {
      out.open_array();
      out.element(bucket);
      out.element(count);
      out.close_array();
    }
    out.close_array();
  }
  if (c.server == ServerTimes{}) return;
  out.open_object("server_us");
  out.member("queue", c.server.queue_us);
  out.member("prompt", c.server.prompt_us);
  out.member("completion", c.server.completion_us);
  out.member("total", c.server.total_us);
  out.close_object();
}

void read_remote(JsonReader& in, Completion& c) {
  if (in.has("attempts")) in.read("attempts", c.attempts);
  if (in.has("from_cache")) in.read("from_cache", c.from_cache);
  if (in.has("gaps")) read_gaps(in, c.gaps);
  if (in.has("server_us")) read_server(in, c.server);
  if (in.has("reasoning")) in.read("reasoning", c.reasoning);
}

void write_step(JsonWriter& out, const StepUse& step) {
  out.open_object();
  out.member("path", step.path);
  out.member("step", step.step);
  out.member("finish", name(step.finish));
  out.member("discarded", step.discarded);
  write_usage(out, step.usage);
  if (step.after) {
    out.open_array("after");
    for (const std::int32_t other : *step.after) out.element(other);
    out.close_array();
  }
  if (step.shared_tokens > 0) {
    out.member("shared_with", step.shared_with);
    out.member("shared_tokens", step.shared_tokens);
  }
  out.close_object();
}

// The numbers are checked against each other where the graph is built (sim::CallGraph).
void read_graph(JsonReader& in, StepUse& step) {
  if (in.has("after")) {
    step.after.emplace();
    in.array("after").for_each_element([&](JsonValue value) {
      const std::optional<std::uint64_t> other = value.whole();
      if (other && *other <= std::numeric_limits<std::int32_t>::max())
        step.after->push_back(std::int32_t(*other));
      else
        in.wrong("after", "must be a list of numbers of steps");
    });
  }
  if (in.has("shared_with")) in.read("shared_with", step.shared_with);
  if (in.has("shared_tokens")) in.read("shared_tokens", step.shared_tokens);
}

void read_steps(JsonReader& parent, std::vector<StepUse>& steps) {
  const JsonValue list = parent.array("steps");
  steps.reserve(list.size());
  list.for_each_element([&](JsonValue value) {
    JsonReader in(value, {&parent, "steps", steps.size()});
    StepUse& step = steps.emplace_back();
    in.read("path", step.path);
    in.read("step", step.step);
    in.read_name("finish", step.finish);
    in.read("discarded", step.discarded);
    step.usage = read_usage(in);
    read_graph(in, step);
    parent.absorb(in.done());
  });
}

// What begins each kind of line.
template <typename Record>
void write_identity(JsonWriter& out, const Record& record) {
  out.open_object();
  out.member("suite", record.suite);
  out.member("sample", record.sample);
  out.member("epoch", record.epoch);
  out.member("strategy", record.strategy);
}

template <typename Record>
void read_identity(JsonReader& in, Record& record) {
  in.read("suite", record.suite);
  in.read("sample", record.sample);
  in.read("epoch", record.epoch);
  in.read("strategy", record.strategy);
}

// Parses the line and has `read(in, record)` ask for each member of it.
template <typename Record, typename Read>
Result<Record> parse_line(std::string_view line, const Read& read) {
  thread_local Json json;  // for its memory: nothing is allocated a value
  const Result<JsonValue> root = parse_json(line, json);
  if (!root) return std::unexpected(root.error());
  JsonReader in(*root);
  Result<Record> record{std::in_place};
  read(in, *record);
  if (Status status = in.done(); !status) record = std::unexpected(std::move(status).error());
  return record;
}

void read_call(JsonReader& in, CallRecord& record) {
  Completion& c = record.completion;
  read_identity(in, record.key);
  in.read("path", record.key.path);
  in.read("request_sha256", record.request_sha256);
  in.read_name("finish", c.finish);
  in.read("error", c.error);
  c.usage = read_usage(in);
  read_times(in, c);
  in.read("text", c.text);
  read_remote(in, c);
}

void read_sample(JsonReader& in, SampleRecord& record) {
  read_identity(in, record);
  in.read("model_error", record.model_error);
  in.read_name("form", record.answer.form);
  in.read("text", record.answer.text);
  read_steps(in, record.answer.steps);
}

void read_score(JsonReader& in, ScoreRecord& record) {
  read_identity(in, record);
  in.read_name("scorer", record.scorer);
  in.read_name("verdict", record.verdict);
  in.read("skipped", record.skipped);
  in.read("extracted", record.extracted);
  in.read("explanation", record.explanation);
  if (in.has("details")) in.read("details", record.details);  // 0.1 did not write it
}

}  // namespace

std::string to_json_line(const CallRecord& record) {
  const Completion& c = record.completion;
  std::string line;
  line.reserve(512 + c.text.size() + c.text.size() / 8 + c.reasoning.size() +
               c.reasoning.size() / 8 + 12 * c.gaps.size());
  JsonWriter out(line);
  write_identity(out, record.key);
  out.member("path", record.key.path);
  out.member("request_sha256", record.request_sha256);
  out.member("finish", name(c.finish));
  out.member("error", c.error);
  write_usage(out, c.usage);
  out.open_object("time_us");
  out.member("scheduled", c.scheduled_us);
  out.member("sent", c.sent_us);
  out.member("first", c.first_us);
  out.member("done", c.done_us);
  out.close_object();
  write_remote(out, c);
  out.member("text", c.text);
  if (!c.reasoning.empty()) out.member("reasoning", c.reasoning);
  out.close_object();
  return line;
}

std::string to_json_line(const SampleRecord& record) {
  const std::string& text = record.answer.text;
  std::string line;
  line.reserve(256 + text.size() + text.size() / 8 + 192 * record.answer.steps.size());
  JsonWriter out(line);
  write_identity(out, record);
  out.member("model_error", record.model_error);
  out.member("form", name(record.answer.form));
  out.member("text", record.answer.text);
  out.open_array("steps");
  for (const StepUse& step : record.answer.steps) write_step(out, step);
  out.close_array();
  out.close_object();
  return line;
}

std::string to_json_line(const ScoreRecord& record) {
  std::string line;
  line.reserve(256 + record.extracted.size() + record.explanation.size() + record.details.size());
  JsonWriter out(line);
  write_identity(out, record);
  out.member("scorer", name(record.scorer));
  out.member("verdict", name(record.verdict));
  out.member("skipped", record.skipped);
  out.member("extracted", record.extracted);
  out.member("explanation", record.explanation);
  out.member("details", record.details);
  out.close_object();
  return line;
}

Result<CallRecord> parse_call(std::string_view line) {
  return parse_line<CallRecord>(line, read_call);
}

Result<SampleRecord> parse_sample(std::string_view line) {
  return parse_line<SampleRecord>(line, read_sample);
}

Result<ScoreRecord> parse_score(std::string_view line) {
  return parse_line<ScoreRecord>(line, read_score);
}

}  // namespace evalrun
