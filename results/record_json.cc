#include "results/record_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "results/json_reader.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json usage_json(const Usage& usage) {
  return Json{{"prompt", usage.prompt},
              {"cached", usage.cached},
              {"completion", usage.completion},
              {"reasoning", usage.reasoning}};
}

Usage read_usage(JsonReader& parent, const std::string& where) {
  Usage usage;
  Json* value = parent.object("usage");
  if (value == nullptr) return usage;
  JsonReader in(*value, where + "usage.");
  in.read("prompt", usage.prompt);
  in.read("cached", usage.cached);
  in.read("completion", usage.completion);
  in.read("reasoning", usage.reasoning);
  parent.absorb(in.done());
  return usage;
}

void read_times(JsonReader& parent, Completion& completion) {
  Json* value = parent.object("time_us");
  if (value == nullptr) return;
  JsonReader in(*value, "time_us.");
  in.read("scheduled", completion.scheduled_us);
  in.read("sent", completion.sent_us);
  in.read("first", completion.first_us);
  in.read("done", completion.done_us);
  parent.absorb(in.done());
}

Json step_json(const StepUse& step) {
  return Json{{"path", step.path},
              {"step", step.step},
              {"finish", name(step.finish)},
              {"discarded", step.discarded},
              {"usage", usage_json(step.usage)}};
}

void read_steps(JsonReader& parent, std::vector<StepUse>& steps) {
  Json* list = parent.array("steps");
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const std::string where = parent.element("steps", i);
    JsonReader in((*list)[i], where);
    StepUse step;
    in.read("path", step.path);
    in.read("step", step.step);
    in.read_name("finish", step.finish);
    in.read("discarded", step.discarded);
    step.usage = read_usage(in, where);
    parent.absorb(in.done());
    steps.push_back(std::move(step));
  }
}

// What begins each kind of line.
template <typename Record>
Json identity_json(const Record& record) {
  return Json{{"suite", record.suite},
              {"sample", record.sample},
              {"epoch", record.epoch},
              {"strategy", record.strategy}};
}

template <typename Record>
void read_identity(JsonReader& in, Record& record) {
  in.read("suite", record.suite);
  in.read("sample", record.sample);
  in.read("epoch", record.epoch);
  in.read("strategy", record.strategy);
}

template <typename Record>
Result<Record> finish(JsonReader& in, Record&& record) {
  if (const Status status = in.done(); !status) return std::unexpected(status.error());
  return std::move(record);
}

}  // namespace

std::string to_json_line(const CallRecord& record) {
  const Completion& c = record.completion;
  Json json = identity_json(record.key);
  json["path"] = record.key.path;
  json["request_sha256"] = record.request_sha256;
  json["finish"] = name(c.finish);
  json["error"] = c.error;
  json["usage"] = usage_json(c.usage);
  json["time_us"] = Json{{"scheduled", c.scheduled_us},
                         {"sent", c.sent_us},
                         {"first", c.first_us},
                         {"done", c.done_us}};
  json["text"] = c.text;
  return dump(json);
}

std::string to_json_line(const SampleRecord& record) {
  Json json = identity_json(record);
  json["model_error"] = record.model_error;
  json["form"] = name(record.answer.form);
  json["text"] = record.answer.text;
  Json& steps = json["steps"] = Json::array();
  for (const StepUse& step : record.answer.steps) steps.push_back(step_json(step));
  return dump(json);
}

std::string to_json_line(const ScoreRecord& record) {
  Json json = identity_json(record);
  json["scorer"] = name(record.scorer);
  json["verdict"] = name(record.verdict);
  json["skipped"] = record.skipped;
  json["extracted"] = record.extracted;
  json["explanation"] = record.explanation;
  json["details"] = record.details;
  return dump(json);
}

Result<CallRecord> parse_call(std::string_view line) {
  Result<Json> json = parse_json(line);
  if (!json) return std::unexpected(json.error());
  JsonReader in(*json);
  CallRecord record;
  Completion& c = record.completion;
  read_identity(in, record.key);
  in.read("path", record.key.path);
  in.read("request_sha256", record.request_sha256);
  in.read_name("finish", c.finish);
  in.read("error", c.error);
  c.usage = read_usage(in, "");
  read_times(in, c);
  in.read("text", c.text);
  return finish(in, std::move(record));
}

Result<SampleRecord> parse_sample(std::string_view line) {
  Result<Json> json = parse_json(line);
  if (!json) return std::unexpected(json.error());
  JsonReader in(*json);
  SampleRecord record;
  read_identity(in, record);
  in.read("model_error", record.model_error);
  in.read_name("form", record.answer.form);
  in.read("text", record.answer.text);
  read_steps(in, record.answer.steps);
  return finish(in, std::move(record));
}

Result<ScoreRecord> parse_score(std::string_view line) {
  Result<Json> json = parse_json(line);
  if (!json) return std::unexpected(json.error());
  JsonReader in(*json);
  ScoreRecord record;
  read_identity(in, record);
  in.read_name("scorer", record.scorer);
  in.read_name("verdict", record.verdict);
  in.read("skipped", record.skipped);
  in.read("extracted", record.extracted);
  in.read("explanation", record.explanation);
  if (in.has("details")) in.read("details", record.details);  // 0.1 did not write it
  return finish(in, std::move(record));
}

}  // namespace evalrun
