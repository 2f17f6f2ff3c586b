#include "results/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "harness/core/check.h"
#include "harness/core/text.h"
#include "results/json_parts.h"
#include "results/json_reader.h"
#include "results/store.h"

namespace evalrun {
namespace {

using Tree = nlohmann::ordered_json;  // for writing

Tree metadata_json(const PlannedSuite& suite) {
  Tree columns = Tree::object();
  for (const auto& [key, values] : suite.metadata) columns[key] = values;
  return columns;
}

Tree suite_json(const PlannedSuite& suite) {
  Tree json{{"name", suite.name},
            {"dataset", suite.dataset},
            {"dataset_sha256", suite.dataset_sha256},
            {"prompts_sha256", suite.prompts_sha256},
            {"has_official", suite.has_official},
            {"samples", suite.samples}};
  if (!suite.metadata.empty()) json["metadata"] = metadata_json(suite);
  return json;
}

Tree to_json(const RunInfo& run) {
  Tree json{{"run_id", run.run_id},
            {"created", run.created},
            {"tool_version", run.tool_version},
            {"commit", run.commit},
            {"target", run.target},
            {"model_name", run.model_name},
            {"model_sha256", run.model_sha256},
            {"seed", run.seed},
            {"epochs", run.epochs},
            {"strategies", run.strategies},
            {"scorer_versions", Tree::object()},
            {"traffic", run.traffic},
            {"price", price_json(run.price)},
            {"scope", run.scope},
            {"suites", Tree::array()}};
  if (!run.simulated.empty()) json["simulated"] = run.simulated;
  for (const auto& [scorer, version] : run.scorer_versions)
    json["scorer_versions"][scorer] = version;
  for (const PlannedSuite& suite : run.suites) json["suites"].push_back(suite_json(suite));
  return json;
}

// The first name that stands twice, or "".
std::string named_twice(const std::vector<std::string>& names) {
  std::unordered_set<std::string_view> seen;
  for (const std::string& name : names)
    if (!seen.insert(name).second) return to_printable(name, true);
  return "";
}

void refuse_doubles(JsonReader& in, std::string_view key, const std::vector<std::string>& names) {
  const std::string twice = named_twice(names);
  if (!twice.empty()) in.wrong(key, "\"" + twice + "\" is named twice");
}

void read_metadata(JsonReader& parent, PlannedSuite& suite) {
  if (!parent.has("metadata")) return;  // none is known
  const JsonValue columns = parent.object("metadata");
  std::vector<std::string> keys;
  columns.for_each_member([&](JsonValue key, JsonValue) { keys.push_back(key.text()); });
  refuse_doubles(parent, "metadata", keys);
  if (!parent.ok()) return;
  JsonReader in(columns, {&parent, "metadata"});
  for (const std::string& key : keys) {
    std::vector<std::string> values;
    in.read(key, values);
    if (in.ok() && values.size() != suite.samples.size())
      in.wrong(key, "must have one value a sample");
    suite.metadata.emplace_back(key, std::move(values));
  }
  parent.absorb(in.done());
}

void read_suites(JsonReader& parent, std::vector<PlannedSuite>& suites) {
  std::vector<std::string> names;
  parent.array("suites").for_each_element([&](JsonValue value) {
    JsonReader in(value, {&parent, "suites", suites.size()});
    PlannedSuite& suite = suites.emplace_back();
    in.read("name", suite.name);
    in.read("dataset", suite.dataset);
    in.read("dataset_sha256", suite.dataset_sha256);
    in.read("prompts_sha256", suite.prompts_sha256);
    in.read("has_official", suite.has_official);
    in.read("samples", suite.samples);
    refuse_doubles(in, "samples", suite.samples);
    read_metadata(in, suite);
    parent.absorb(in.done());
    names.push_back(suite.name);
  });
  refuse_doubles(parent, "suites", names);
}

void read_versions(JsonReader& parent, std::vector<std::pair<std::string, std::string>>& versions) {
  parent.object("scorer_versions").for_each_member([&](JsonValue scorer, JsonValue version) {
    if (!version.is(JsonValue::Type::string))
      return parent.wrong("scorer_versions", "must hold strings");
    versions.emplace_back(scorer.text(), version.text());
  });
}

// Version 0.1 had none of these.
void read_remote(JsonReader& parent, RunInfo& run) {
  if (parent.has("traffic")) parent.read("traffic", run.traffic);
  if (parent.has("simulated")) parent.read("simulated", run.simulated);
  if (!parent.has("price") || parent.read_null("price")) return;
  const JsonValue value = parent.object("price");
  if (!parent.ok()) return;
  JsonReader in(value, {&parent, "price"});
  Price price;
  in.read("prompt_usd", price.prompt_usd);
  in.read("cached_usd", price.cached_usd);
  in.read("completion_usd", price.completion_usd);
  in.read("as_of", price.as_of);
  in.read("source", price.source);
  parent.absorb(in.done());
  run.price = std::move(price);
}

Result<RunInfo> read_run_info(JsonReader& in) {
  RunInfo run;
  in.read("run_id", run.run_id);
  in.read("created", run.created);
  in.read("tool_version", run.tool_version);
  in.read("commit", run.commit);
  in.read("target", run.target);
  in.read("model_name", run.model_name);
  in.read("model_sha256", run.model_sha256);
  in.read("seed", run.seed);
  in.read("epochs", run.epochs);
  in.read("strategies", run.strategies);
  read_versions(in, run.scorer_versions);
  read_remote(in, run);
  in.read("scope", run.scope);
  read_suites(in, run.suites);
  if (in.ok() && run.epochs < 1) in.wrong("epochs", "must be 1 or more");
  refuse_doubles(in, "strategies", run.strategies);
  if (const Status status = in.done(); !status) return std::unexpected(status.error());
  return run;
}

Tree trusted_json(const std::string& text) {
  Tree json = Tree::parse(text, nullptr, /*allow_exceptions=*/false);
  EVALRUN_CHECK_WHY(!json.is_discarded(), "a part of the manifest is not JSON");
  return json;
}

template <typename Value>
Result<Value> at_source(Result<Value> result, const std::string& source) {
  if (!result) return input_error(source + ": " + result.error().message);
  return result;
}

Result<Manifest> read_manifest(std::string_view text) {
  Json json(kFileValuesMax);
  const Result<JsonValue> root = parse_json(text, json);
  if (!root) return std::unexpected(root.error());
  JsonReader in(*root);
  std::string format;
  in.read("format", format);
  if (in.ok() && format != kRunFormat)
    in.wrong("format", "\"" + to_printable(format, true) + "\" is not \"" + kRunFormat + "\"");
  Manifest manifest;
  if (const JsonValue run = in.object("run"); in.ok()) {
    JsonReader run_in(run, {&in, "run"});
    Result<RunInfo> info = read_run_info(run_in);
    if (info)
      manifest.run = *std::move(info);
    else
      in.absorb(std::unexpected(info.error()));
  }
  const auto keep = [&](const char* key, std::string& out) {
    out.clear();
    in.object(key).append_compact_to(out);
  };
  keep("requested", manifest.requested_json);
  keep("effective", manifest.effective_json);
  keep("machine", manifest.machine_json);
  if (const Status status = in.done(); !status) return std::unexpected(status.error());
  return manifest;
}

}  // namespace

std::string run_info_json(const RunInfo& run) {
  return to_json(run).dump(-1, ' ', false, Tree::error_handler_t::replace);
}

Result<RunInfo> parse_run_info(std::string_view text, const std::string& source) {
  Json json(kFileValuesMax);
  const Result<JsonValue> root = at_source(parse_json(text, json), source);
  if (!root) return std::unexpected(root.error());
  JsonReader in(*root);
  return at_source(read_run_info(in), source);
}

std::string manifest_json(const Manifest& manifest) {
  const Tree json{{"format", kRunFormat},
                  {"run", to_json(manifest.run)},
                  {"requested", trusted_json(manifest.requested_json)},
                  {"effective", trusted_json(manifest.effective_json)},
                  {"machine", trusted_json(manifest.machine_json)}};
  return json.dump(1, ' ', false, Tree::error_handler_t::replace) + "\n";
}

Result<Manifest> parse_manifest(std::string_view text, const std::string& source) {
  return at_source(read_manifest(text), source);
}

}  // namespace evalrun
