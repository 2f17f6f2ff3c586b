#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/core/text.h"
#include "results/json_reader.h"
#include "results/lcb_format.h"

namespace evalrun {
namespace {

using Json = nlohmann::ordered_json;
using Answers = std::vector<std::vector<std::string>>;

std::string entry_name(std::size_t index) { return "[" + std::to_string(index) + "]."; }

// The file's list. Error: it is none.
Result<Json> parse_list(std::string_view text, const std::string& source, const char* expected) {
  Result<Json> file = parse_json(text);
  if (!file) return input_error(source + ": " + file.error().message);
  if (!file->is_array()) return input_error(source + ": must be a list of " + expected);
  return file;
}

void read_flags(JsonReader& in, std::vector<bool>& out) {
  const Json* list = in.array("graded_list");
  if (list == nullptr) return;
  for (const Json& item : *list) {
    if (!item.is_boolean()) return in.wrong("graded_list", "must be a list of true and false");
    out.push_back(item.get<bool>());
  }
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

void check_pass_at_1(JsonReader& in, const Json& entry, const LcbRow& row) {
  if (!in.ok()) return;
  const auto value = entry.find("pass@1");
  if (value == entry.end() || !value->is_number()) return in.wrong("pass@1", "must be a number");
  if (std::abs(value->get<double>() - double(row.right()) / double(row.graded.size())) > 1e-9)
    in.wrong("pass@1", "is not the share of true in graded_list");
}

LcbRow read_row(JsonReader& in, const Json& entry) {
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
Status read_answers(Json& list, const std::string& name, std::vector<std::string>& out) {
  if (!list.is_array()) return input_error(name + ": must be a list of answers");
  for (Json& item : list) {
    if (!item.is_string()) return input_error(name + ": must be a list of strings");
    out.push_back(std::move(item.get_ref<std::string&>()));
  }
  if (out.empty()) return input_error(name + ": must hold at least one answer");
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

  Status add(Json& entry, std::size_t index) {
    const bool programs =
        scenario_ == LcbScenario::code_generation || scenario_ == LcbScenario::self_repair;
    const char* id = scenario_ == LcbScenario::code_execution ? "id" : "question_id";
    JsonReader in(entry, entry_name(index));
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

Result<Answers> answers_by_key(Json& file, LcbScenario scenario,
                               std::span<const LcbKey> benchmark) {
  KeyedEntries entries(scenario, benchmark);
  for (std::size_t i = 0; i < file.size(); ++i)
    if (Status status = entries.add(file[i], i); !status) return std::unexpected(status.error());
  return entries.take();
}

Result<Answers> answers_in_order(Json& file) {
  Answers answers(file.size());
  for (std::size_t i = 0; i < file.size(); ++i) {
    const std::string name = "[" + std::to_string(i) + "]";
    if (Status status = read_answers(file[i], name, answers[i]); !status)
      return std::unexpected(status.error());
  }
  return answers;
}

// json.dumps of a flat object: a space after each comma and colon.
std::string python_dumps(const Json& object) {
  std::string out = "{";
  for (const auto& [key, value] : object.items()) {
    if (out.size() > 1) out += ", ";
    out += Json(key).dump(-1, ' ', true) + ": " + value.dump(-1, ' ', true);
  }
  return out + "}";
}

}  // namespace

int LcbRow::right() const { return int(std::count(graded.begin(), graded.end(), true)); }

Result<std::vector<LcbRow>> parse_lcb_eval_all(std::string_view text, const std::string& source) {
  Result<Json> file = parse_list(text, source, "graded problems");
  if (!file) return std::unexpected(file.error());
  std::vector<LcbRow> rows;
  for (std::size_t i = 0; i < file->size(); ++i) {
    JsonReader in((*file)[i], entry_name(i));
    rows.push_back(read_row(in, (*file)[i]));
    if (const Status status = in.status(); !status)
      return input_error(source + ": " + status.error().message);
  }
  return rows;
}

Result<Answers> parse_lcb_answers(std::string_view text, const std::string& source,
                                  LcbScenario scenario, std::span<const LcbKey> benchmark) {
  Result<Json> file = parse_list(text, source, "answers");
  if (!file) return std::unexpected(file.error());
  if (file->size() != benchmark.size())
    return input_error(source + ": holds " + std::to_string(file->size()) +
                       " entries; the benchmark has " + std::to_string(benchmark.size()));
  const bool keyed = !file->empty() && file->front().is_object();
  Result<Answers> answers =
      keyed ? answers_by_key(*file, scenario, benchmark) : answers_in_order(*file);
  if (!answers) return input_error(source + ": " + answers.error().message);
  return answers;
}

Result<LcbGrade> parse_lcb_details(std::string_view text) {
  Result<Json> json = parse_json(text);
  if (!json) return std::unexpected(json.error());
  JsonReader in(*json);
  LcbGrade grade;
  if (const Json* results = in.array("results"))
    for (const Json& item : *results) {
      if (item.is_boolean())
        grade.results.push_back(item.get<bool>() ? 1 : 0);
      else if (item.is_number_integer() && !item.is_number_unsigned() && item >= -5)
        grade.results.push_back(item.get<int>());
      else
        in.wrong("results", "must be a list of true, false and -5 to -1");
    }
  if (const Json* metadata = in.object("metadata")) grade.metadata = python_dumps(*metadata);
  if (const Status status = in.done(); !status) return std::unexpected(status.error());
  return grade;
}

}  // namespace evalrun
