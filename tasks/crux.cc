#include "tasks/crux.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/hash.h"
#include "harness/core/resources.h"
#include "harness/core/text.h"
#include "tasks/json_string.h"
#include "tasks/prompts.h"
#include "tasks/row_fields.h"

namespace evalrun {
namespace {

enum class Half { output, input };

constexpr std::array<std::string_view, 4> kOutputPrompts = {
    "crux.system", "crux.output.direct", "crux.output.cot", "crux.output.question"};
constexpr std::array<std::string_view, 4> kInputPrompts = {"crux.system", "crux.input.direct",
                                                           "crux.input.cot", "crux.input.question"};

// Errors say the key; the caller adds file and line.
Result<CruxRow> parse_row(std::string_view line) {
  nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return input_error("not a whole JSON object (a truncated file?)");
  CruxRow row;
  const std::pair<const char*, std::string*> fields[] = {
      {"code", &row.code}, {"input", &row.input}, {"output", &row.output}, {"id", &row.id}};
  for (const auto& [key, out] : fields)
    if (auto ok = take_string(object, key, *out); !ok) return std::unexpected(ok.error());
  if (!is_safe_id(row.id))
    return input_error("id: expected 1 to 100 letters, digits or any of \"._-\"");
  return row;
}

// The half of a row that a prompt may show; the other one is the answer.
std::string_view shown_key(Half half) { return half == Half::output ? "input" : "output"; }

std::vector<Message> messages_for(const PromptSet& prompts, Half half, std::string_view name,
                                  const CruxRow& row) {
  const std::string& shown = half == Half::output ? row.input : row.output;
  return fill_messages(prompts, "crux.system", name,
                       {{"code", row.code}, {shown_key(half), shown}});
}

Sample make_sample(const CruxRow& row, Half half, std::string_view suite,
                   const PromptSet& prompts) {
  const auto names = half == Half::output ? kOutputPrompts : kInputPrompts;
  Sample sample;
  sample.id = row.id;
  sample.suite = suite;
  sample.direct = {messages_for(prompts, half, names[1], row), {"[/ANSWER]"}};
  sample.cot = {messages_for(prompts, half, names[2], row), {"[/ANSWER]"}};
  sample.question = messages_for(prompts, half, names[3], row).back().content;
  if (half == Half::output)
    sample.check = ExactLiteral{row.code, row.input, row.output};
  else
    sample.check = PythonAssert{row.code, row.input, row.output};
  sample.metadata = {{"type", std::string(literal_kind(row.output))}};
  return sample;
}

Result<PromptSet> load_prompts(const SuiteOptions& options, Half half) {
  const auto& names = half == Half::output ? kOutputPrompts : kInputPrompts;
  auto prompts = load_task_prompts(options, names);
  if (!prompts) return prompts;
  for (std::string_view name : std::span(names).subspan(1))
    if (auto ok = prompts->require(name, {"code", shown_key(half)}); !ok)
      return std::unexpected(ok.error());
  return prompts;
}

struct Dataset {
  std::string_view bytes;
  std::string file;   // for errors
  std::string shown;  // Suite::dataset
  std::string sha256;
};

Result<Suite> build(const Dataset& data, Half half, std::string_view name,
                    const SuiteOptions& options) {
  const auto rows = parse_crux(data.bytes, data.file);
  if (!rows) return std::unexpected(rows.error());
  const auto prompts = load_prompts(options, half);
  if (!prompts) return std::unexpected(prompts.error());
  Suite suite{std::string(name), {}, data.shown, data.sha256, prompts->sha256()};
  suite.samples.reserve(rows->size());
  for (const CruxRow& row : *rows) suite.samples.push_back(make_sample(row, half, name, *prompts));
  return suite;
}

std::string data_dir_file(const SuiteOptions& options) {
  return (std::filesystem::path(options.data_dir) / "cruxeval" / "cruxeval.jsonl").string();
}
std::string cache_dir_file(const SuiteOptions& options) {
  return (std::filesystem::path(options.cache_dir) / "cruxeval.jsonl").string();
}

Error not_found(const SuiteOptions& options) {
  return {Error::Kind::input,
          "CRUXEval not found: no --data FILE given, no " +
              (options.data_dir.empty() ? "$EVALRUN_DATA/cruxeval/cruxeval.jsonl (not set)"
                                        : data_dir_file(options)) +
              ", no " +
              (options.cache_dir.empty() ? "cruxeval.jsonl in a cache folder"
                                         : cache_dir_file(options)) +
              "; run `evalrun fetch crux`"};
}

Result<Suite> load_crux(const SuiteOptions& options, Half half, std::string_view name) {
  const auto path = find_crux_file(options);
  if (!path) return std::unexpected(not_found(options));
  const auto bytes = read_file(*path);
  if (!bytes) return std::unexpected(bytes.error());
  const std::string sha256 = sha256_hex(*bytes);
  const bool official = sha256 == kCruxSha256;
  if (!official && options.data_file.empty())
    return input_error(*path + ": not the official CRUXEval file: sha256 expected " +
                       std::string(kCruxSha256) + ", got " + sha256 +
                       "; remove it and run `evalrun fetch crux`, or name it with --data to use it "
                       "as it is");
  const std::string shown = *path + (official ? "" : " (not the official file)");
  return build({*bytes, *path, shown, sha256}, half, name, options);
}

Result<Suite> load_crux_mini(const SuiteOptions& options, Half half, std::string_view name) {
  static constexpr std::string_view kResource = "tasks/crux_mini/crux_mini.jsonl";
  const auto bytes = find_resource(kResource);
  CHECK(bytes.has_value());
  return build({*bytes, std::string(kResource), "embedded", sha256_hex(*bytes)}, half, name,
               options);
}

}  // namespace

Result<std::vector<CruxRow>> parse_crux(std::string_view bytes, std::string_view file) {
  std::vector<CruxRow> rows;
  std::unordered_set<std::string> ids;
  std::size_t line_number = 0;
  const auto wrong = [&](const std::string& why) {
    return input_error(std::string(file) + ":" + std::to_string(line_number) + ": " + why);
  };
  for (std::string_view line : split(bytes, '\n')) {
    ++line_number;
    auto row = parse_row(line);
    if (!row) return wrong(row.error().message);
    if (!ids.insert(row->id).second) return wrong("id: \"" + row->id + "\" occurs twice");
    rows.push_back(*std::move(row));
  }
  if (rows.empty())
    return input_error(std::string(file) + ": empty, expected a JSON object a line");
  return rows;
}

std::optional<std::string> find_crux_file(const SuiteOptions& options) {
  if (!options.data_file.empty()) return options.data_file;
  std::error_code ignored;
  if (!options.data_dir.empty() && std::filesystem::exists(data_dir_file(options), ignored))
    return data_dir_file(options);
  if (!options.cache_dir.empty() && std::filesystem::exists(cache_dir_file(options), ignored))
    return cache_dir_file(options);
  return std::nullopt;
}

std::string_view literal_kind(std::string_view source) {
  if (source.empty()) return "other";
  if (source == "True" || source == "False") return "bool";
  if (source == "None") return "None";
  switch (source[0]) {
    case '\'':
    case '"':
      return "str";
    case '[':
      return "list";
    case '(':
      return "tuple";
    // A dict has a colon outside of its strings; telling those apart takes a parser, and the
    // datasets hold no set.
    case '{':
      return source == "{}" || source.find(':') != source.npos ? "dict" : "set";
  }
  if (source.starts_with("b'") || source.starts_with("b\"")) return "bytes";
  if (source[0] != '-' && (source[0] < '0' || source[0] > '9')) return "other";
  return source.find_first_of(".e") != source.npos ? "float" : "int";
}

Result<Suite> load_crux_output(const SuiteOptions& options) {
  return load_crux(options, Half::output, "crux-o");
}
Result<Suite> load_crux_input(const SuiteOptions& options) {
  return load_crux(options, Half::input, "crux-i");
}
Result<Suite> load_crux_mini_output(const SuiteOptions& options) {
  return load_crux_mini(options, Half::output, "crux-mini-o");
}
Result<Suite> load_crux_mini_input(const SuiteOptions& options) {
  return load_crux_mini(options, Half::input, "crux-mini-i");
}

std::span<const std::string_view> crux_prompt_names() {
  static constexpr std::array<std::string_view, 7> kAll = {
      kOutputPrompts[0], kOutputPrompts[1], kOutputPrompts[2], kOutputPrompts[3],
      kInputPrompts[1],  kInputPrompts[2],  kInputPrompts[3]};
  return kAll;
}

}  // namespace evalrun
