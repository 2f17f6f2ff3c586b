#include "results/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/core/check.h"
#include "harness/core/text.h"
#include "results/json_parts.h"
#include "results/json_reader.h"
#include "results/store.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;

Json metadata_json(const PlannedSuite& suite) {
  Json columns = Json::object();
  for (const auto& [key, values] : suite.metadata) columns[key] = values;
  return columns;
}

Json suite_json(const PlannedSuite& suite) {
  Json json{{"name", suite.name},
            {"dataset", suite.dataset},
            {"dataset_sha256", suite.dataset_sha256},
            {"prompts_sha256", suite.prompts_sha256},
            {"has_official", suite.has_official},
            {"samples", suite.samples}};
  if (!suite.metadata.empty()) json["metadata"] = metadata_json(suite);
  return json;
}

Json to_json(const RunInfo& run) {
  Json json{{"run_id", run.run_id},
            {"created", run.created},
            {"tool_version", run.tool_version},
            {"commit", run.commit},
            {"target", run.target},
            {"model_name", run.model_name},
            {"model_sha256", run.model_sha256},
            {"seed", run.seed},
            {"epochs", run.epochs},
            {"strategies", run.strategies},
            {"scorer_versions", Json::object()},
            {"traffic", run.traffic},
            {"price", price_json(run.price)},
            {"scope", run.scope},
            {"suites", Json::array()}};
  for (const auto& [scorer, version] : run.scorer_versions)
    json["scorer_versions"][scorer] = version;
  for (const PlannedSuite& suite : run.suites) json["suites"].push_back(suite_json(suite));
  return json;
}

// The first name that stands twice, or "".
std::string named_twice(const std::vector<std::string>& names) {
  std::set<std::string_view> seen;
  for (const std::string& name : names)
    if (!seen.insert(name).second) return to_printable(name, true);
  return "";
}

void refuse_doubles(JsonReader& in, std::string_view key, const std::vector<std::string>& names) {
  const std::string twice = named_twice(names);
  if (!twice.empty()) in.wrong(key, "\"" + twice + "\" is named twice");
}

void read_metadata(JsonReader& parent, const std::string& where, PlannedSuite& suite) {
  if (!parent.has("metadata")) return;  // none is known
  Json* columns = parent.object("metadata");
  if (columns == nullptr) return;
  JsonReader in(*columns, where + "metadata.");
  for (const auto& [key, unused] : columns->items()) {
    std::vector<std::string> values;
    in.read(key, values);
    if (in.ok() && values.size() != suite.samples.size())
      in.wrong(key, "must have one value a sample");
    suite.metadata.emplace_back(key, std::move(values));
  }
  parent.absorb(in.done());
}

void read_suites(JsonReader& parent, std::vector<PlannedSuite>& suites) {
  Json* list = parent.array("suites");
  std::vector<std::string> names;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const std::string where = parent.element("suites", i);
    JsonReader in((*list)[i], where);
    PlannedSuite suite;
    in.read("name", suite.name);
    in.read("dataset", suite.dataset);
    in.read("dataset_sha256", suite.dataset_sha256);
    in.read("prompts_sha256", suite.prompts_sha256);
    in.read("has_official", suite.has_official);
    in.read("samples", suite.samples);
    refuse_doubles(in, "samples", suite.samples);
    read_metadata(in, where, suite);
    parent.absorb(in.done());
    names.push_back(suite.name);
    suites.push_back(std::move(suite));
  }
  refuse_doubles(parent, "suites", names);
}

void read_versions(JsonReader& parent, std::vector<std::pair<std::string, std::string>>& versions) {
  Json* object = parent.object("scorer_versions");
  if (object == nullptr) return;
  for (const auto& [scorer, version] : object->items()) {
    if (!version.is_string()) return parent.wrong("scorer_versions", "must hold strings");
    versions.emplace_back(scorer, version.get<std::string>());
  }
}

// Version 0.1 had neither a price nor words about traffic.
void read_remote(JsonReader& parent, const std::string& where, RunInfo& run) {
  if (parent.has("traffic")) parent.read("traffic", run.traffic);
  if (!parent.has("price") || parent.read_null("price")) return;
  Json* value = parent.object("price");
  if (value == nullptr) return;
  JsonReader in(*value, where + "price.");
  Price price;
  in.read("prompt_usd", price.prompt_usd);
  in.read("cached_usd", price.cached_usd);
  in.read("completion_usd", price.completion_usd);
  in.read("as_of", price.as_of);
  in.read("source", price.source);
  parent.absorb(in.done());
  run.price = std::move(price);
}

Result<RunInfo> read_run_info(Json& json, const std::string& where) {
  JsonReader in(json, where);
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
  read_remote(in, where, run);
  in.read("scope", run.scope);
  read_suites(in, run.suites);
  if (in.ok() && run.epochs < 1) in.wrong("epochs", "must be 1 or more");
  refuse_doubles(in, "strategies", run.strategies);
  if (const Status status = in.done(); !status) return std::unexpected(status.error());
  return run;
}

Json trusted_json(const std::string& text) {
  Result<Json> json = parse_json(text);
  EVALRUN_CHECK_WHY(json.has_value(), "a part of the manifest is not JSON");
  return *std::move(json);
}

template <typename Value>
Result<Value> at_source(Result<Value> result, const std::string& source) {
  if (!result) return input_error(source + ": " + result.error().message);
  return result;
}

Result<Manifest> read_manifest(std::string_view text) {
  Result<Json> json = parse_json(text);
  if (!json) return std::unexpected(json.error());
  JsonReader in(*json);
  std::string format;
  in.read("format", format);
  if (in.ok() && format != kRunFormat)
    in.wrong("format", "\"" + to_printable(format, true) + "\" is not \"" + kRunFormat + "\"");
  Manifest manifest;
  if (Json* run = in.object("run"); run != nullptr) {
    Result<RunInfo> info = read_run_info(*run, "run.");
    if (info)
      manifest.run = *std::move(info);
    else
      in.absorb(std::unexpected(info.error()));
  }
  const auto keep = [&](const char* key, std::string& out) {
    if (const Json* part = in.object(key); part != nullptr) out = part->dump();
  };
  keep("requested", manifest.requested_json);
  keep("effective", manifest.effective_json);
  keep("machine", manifest.machine_json);
  if (const Status status = in.done(); !status) return std::unexpected(status.error());
  return manifest;
}

}  // namespace

std::string run_info_json(const RunInfo& run) {
  return to_json(run).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<RunInfo> parse_run_info(std::string_view text, const std::string& source) {
  Result<Json> json = at_source(parse_json(text), source);
  if (!json) return std::unexpected(json.error());
  return at_source(read_run_info(*json, ""), source);
}

std::string manifest_json(const Manifest& manifest) {
  const Json json{{"format", kRunFormat},
                  {"run", to_json(manifest.run)},
                  {"requested", trusted_json(manifest.requested_json)},
                  {"effective", trusted_json(manifest.effective_json)},
                  {"machine", trusted_json(manifest.machine_json)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Manifest> parse_manifest(std::string_view text, const std::string& source) {
  return at_source(read_manifest(text), source);
}

}  // namespace evalrun
