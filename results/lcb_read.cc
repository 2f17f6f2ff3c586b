#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "harness/core/text.h"
#include "results/json_reader.h"
#include "results/lcb_format.h"

namespace evalrun {
namespace {

using Type = JsonValue::Type;
using Answers = std::vector<std::vector<std::string>>;

// The file's list. Error: it is none.
Result<JsonValue> parse_list(std::string_view text, const std::string& source, const char* expected,
                             Json& json) {
  const Result<JsonValue> file = parse_json(text, json);
  if (!file) return input_error(source + ": " + file.error().message);
  if (!file->is(Type::array)) return input_error(source + ": must be a list of " + expected);
  return file;
}

// visit(JsonValue entry, std::size_t index) -> Status, until the first error.
template <typename Visit>
Status for_each_entry(JsonValue list, const Visit& visit) {
  Status status;
  std::size_t index = 0;
  list.for_each_element([&](JsonValue entry) {
    if (status) status = visit(entry, index++);
  });
  return status;
}

void read_flags(JsonReader& in, std::vector<bool>& out) {
  in.array("graded_list").for_each_element([&](JsonValue item) {
    if (!item.is(Type::boolean)) in.wrong("graded_list", "must be a list of true and false");
    out.push_back(item.raw() == "true");
  });
}

void check_lengths(JsonReader& in, const LcbRow& row) {
  const auto expect = [&](const char* key, std::size_t n) {
    if (n != row.outputs.size())
      in.wrong(key,
               "must have as many items as output_list, " + std::to_string(row.outputs.size()));
  };
  if (row.outputs.empty()) in.wrong("output_list", "must hold at least one answer");
  expect("code_list", row.codes.size());
  expect("graded_list", row.graded.size());
  if (!row.metadata.empty()) expect("metadata", row.metadata.size());
}

void check_pass_at_1(JsonReader& in, JsonValue entry, const LcbRow& row) {
  if (!in.ok()) return;
  const std::optional<double> value = entry["pass@1"].number();
  if (!value) return in.wrong("pass@1", "must be a number");
  if (std::abs(*value - double(row.right()) / double(row.graded.size())) > 1e-9)
    in.wrong("pass@1", "is not the share of true in graded_list");
}

LcbRow read_row(JsonReader& in, JsonValue entry) {
  LcbRow row;
  LcbProblem& problem = row.problem;
  in.read("question_title", problem.title);
  in.read("question_content", problem.content);
  in.read("platform", problem.platform);
  in.read_id("question_id", problem.question_id);
  in.read_id("contest_id", problem.contest_id);
  in.read("contest_date", problem.contest_date);
  in.read("starter_code", problem.starter_code);
  in.read("difficulty", problem.difficulty);
  in.read("output_list", row.outputs);
  in.read("code_list", row.codes);
  read_flags(in, row.graded);
  if (in.has("metadata")) in.read("metadata", row.metadata);
  if (in.has("original_code_list")) in.read("original_code_list", row.original_codes.emplace());
  check_lengths(in, row);
  check_pass_at_1(in, entry, row);
  return row;
}

std::string joined(const LcbKey& key) {
  return key.test_id.empty() ? key.id : key.id + " test_id " + key.test_id;
}

// Answers of one entry, a list in itself.
Status read_answers(JsonValue list, std::size_t index, std::vector<std::string>& out) {
  const auto wrong = [&](const char* reason) -> Status {
    return input_error("[" + std::to_string(index) + "]: " + reason);
  };
  if (!list.is(Type::array)) return wrong("must be a list of answers");
  bool all_texts = true;
  list.for_each_element(
      [&](JsonValue item) { all_texts = item.append_to(out.emplace_back()) && all_texts; });
  if (!all_texts) return wrong("must be a list of strings");
  if (out.empty()) return wrong("must hold at least one answer");
  return {};
}

// Entries that name what they answer: the place of each in the benchmark, by key.
class KeyedEntries {
 public:
  KeyedEntries(LcbScenario scenario, std::span<const LcbKey> benchmark)
      : scenario_(scenario), answers_(benchmark.size()) {
    for (std::size_t i = 0; i < benchmark.size(); ++i) {
      names_.push_back(joined(benchmark[i]));
      places_[names_.back()] = i;
    }
  }

  Status add(JsonValue entry, std::size_t index) {
    const bool programs =
        scenario_ == LcbScenario::code_generation || scenario_ == LcbScenario::self_repair;
    const char* id = scenario_ == LcbScenario::code_execution ? "id" : "question_id";
    JsonReader in(entry, {.index = index});
    LcbKey key;
    std::vector<std::string> answers;
    in.read_id(id, key.id);
    if (scenario_ == LcbScenario::test_output) in.read_id("test_id", key.test_id);
    const char* list = programs ? "code_list" : "pred_list";
    in.read(list, answers);
    if (answers.empty()) in.wrong(list, "must hold at least one answer");
    const std::string name = joined(key);
    const auto place = places_.find(name);
    if (place == places_.end())
      in.wrong(id, to_printable(name.substr(0, 60), true) + " is not in the benchmark" +
                       did_you_mean(name.substr(0, 60), names_));
    else if (!answers_[place->second].empty())
      in.wrong(id, to_printable(name.substr(0, 60), true) + " is there twice");
    if (!in.ok()) return in.status();
    answers_[place->second] = std::move(answers);
    return {};
  }

  Answers take() { return std::move(answers_); }

 private:
  const LcbScenario scenario_;
  Answers answers_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> places_;
};

Result<Answers> answers_by_key(JsonValue file, LcbScenario scenario,
                               std::span<const LcbKey> benchmark) {
  KeyedEntries entries(scenario, benchmark);
  const Status status = for_each_entry(
      file, [&](JsonValue entry, std::size_t index) { return entries.add(entry, index); });
  if (!status) return std::unexpected(status.error());
  return entries.take();
}

Result<Answers> answers_in_order(JsonValue file) {
  Answers answers(file.size());
  const Status status = for_each_entry(file, [&](JsonValue entry, std::size_t index) {
    return read_answers(entry, index, answers[index]);
  });
  if (!status) return std::unexpected(status.error());
  return answers;
}

// json.dumps of a flat object: a space after each comma and colon, ASCII only. "": a number in it
// is beyond double.
std::string python_dumps(JsonValue object) {
  using Tree = nlohmann::ordered_json;
  const Tree tree = Tree::parse(object.raw(), nullptr, /*allow_exceptions=*/false);
  if (tree.is_discarded()) return "";
  std::string out = "{";
  for (const auto& [key, value] : tree.items()) {
    if (out.size() > 1) out += ", ";
    out += Tree(key).dump(-1, ' ', true) + ": " + value.dump(-1, ' ', true);
  }
  return out + "}";
}

// true, false, or a code of the grader.
std::optional<int> test_result(JsonValue item) {
  if (item.is(Type::boolean)) return item.raw() == "true";
  const bool is_code = item.is_integer() && item.raw() >= "-1" && item.raw() <= "-5";
  if (is_code && item.raw().size() == 2) return '0' - item.raw()[1];
  return std::nullopt;
}

}  // namespace

int LcbRow::right() const { return int(std::count(graded.begin(), graded.end(), true)); }

Result<std::vector<LcbRow>> parse_lcb_eval_all(std::string_view text, const std::string& source) {
  Json json(kFileValuesMax);
  const Result<JsonValue> file = parse_list(text, source, "graded problems", json);
  if (!file) return std::unexpected(file.error());
  std::vector<LcbRow> rows;
  rows.reserve(file->size());
  const Status status = for_each_entry(*file, [&](JsonValue entry, std::size_t index) {
    JsonReader in(entry, {.index = index});
    rows.push_back(read_row(in, entry));
    return in.status();
  });
  if (!status) return input_error(source + ": " + status.error().message);
  return rows;
}

Result<Answers> parse_lcb_answers(std::string_view text, const std::string& source,
                                  LcbScenario scenario, std::span<const LcbKey> benchmark) {
  Json json(kFileValuesMax);
  const Result<JsonValue> file = parse_list(text, source, "answers", json);
  if (!file) return std::unexpected(file.error());
  if (file->size() != benchmark.size())
    return input_error(source + ": holds " + std::to_string(file->size()) +
                       " entries; the benchmark has " + std::to_string(benchmark.size()));
  const bool keyed = file->first().is(Type::object);
  Result<Answers> answers =
      keyed ? answers_by_key(*file, scenario, benchmark) : answers_in_order(*file);
  if (!answers) return input_error(source + ": " + answers.error().message);
  return answers;
}

Result<LcbGrade> parse_lcb_details(std::string_view text) {
  Json json;
  const Result<JsonValue> root = parse_json(text, json);
  if (!root) return std::unexpected(root.error());
  JsonReader in(*root);
  LcbGrade grade;
  in.array("results").for_each_element([&](JsonValue item) {
    const std::optional<int> result = test_result(item);
    if (!result) in.wrong("results", "must be a list of true, false and -5 to -1");
    grade.results.push_back(result.value_or(0));
  });
  if (const JsonValue metadata = in.object("metadata"); in.ok()) {
    grade.metadata = python_dumps(metadata);
    if (grade.metadata.empty()) in.wrong("metadata", "holds a number that is out of range");
  }
  if (const Status status = in.done(); !status) return std::unexpected(status.error());
  return grade;
}

}  // namespace evalrun
