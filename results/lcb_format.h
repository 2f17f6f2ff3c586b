// The files that LiveCodeBench's own tools read and write: answers of other tools in, graded rows
// out. Names, order of keys and layout are those of lcb_runner/ at commit 28fef95
// (runner/custom_evaluator.py, runner/main.py, benchmarks/, evaluation/). What its aggregation gets
// wrong is not repeated: its compute_scores.py prints pass@k also where problems have fewer than k
// answers, and then counts them as solved.
//
// Pure, thread-safe functions. Texts are UTF-8; what is not becomes U+FFFD on writing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/lcb_problem.h"
#include "harness/core/result.h"

namespace evalrun {

enum class LcbScenario { code_generation, self_repair, test_output, code_execution };

// One problem, its answers and what became of them. All lists have one item an answer, at least
// one.
struct LcbRow {
  LcbProblem problem;
  std::vector<std::string> outputs;  // what the model wrote
  std::vector<std::string> codes;    // the programs in it
  std::vector<bool> graded;          // all tests passed
  // What the grader says of each test up to the first failure: 1 and 0 (true and false in the
  // file), -1 compile error, -2 wrong answer, -3 time limit, -4 runtime error. Only in _eval.json;
  // empty in rows that were read.
  std::vector<std::vector<int>> results = {};
  std::vector<std::string> metadata = {};  // a JSON object as text; an empty list: not recorded
  // Self-repair: the programs that were to be repaired. May be as many as it likes.
  std::optional<std::vector<std::string>> original_codes = {};

  int right() const;  // of graded
};

// ---- Reading: lcb_read.cc ----

// Reads PREFIX_eval_all.json: the rows with outputs, codes, graded, metadata, original_codes.
// "pass@1" must be what graded_list says. Error (input): "SOURCE: [entry].key: reason".
Result<std::vector<LcbRow>> parse_lcb_eval_all(std::string_view text, const std::string& source);

// Which answers belong together: an id, and for test output prediction the number of the test too.
struct LcbKey {
  std::string id;       // question_id; of code execution: id, such as "sample_12"
  std::string test_id;  // test output prediction only; else ""
};

// Reads what LiveCodeBench's custom_evaluator takes. Either a list of lists of answers, in the
// order of `benchmark`, or a list of objects in any order, by scenario
//   programs        {"question_id", "code_list"}
//   test output     {"question_id", "test_id", "pred_list"}
//   code execution  {"id", "pred_list"}
// whose other members are left alone (so that an _eval_all.json is one too). The result is in the
// order of `benchmark`, whose keys must be exactly those of the file (the official tool compares
// only the number of entries). Error (input): "SOURCE: [entry].key: reason".
Result<std::vector<std::vector<std::string>>> parse_lcb_answers(std::string_view text,
                                                                const std::string& source,
                                                                LcbScenario scenario,
                                                                std::span<const LcbKey> benchmark);

// What the official scorer of a program leaves in ScoreRecord::details:
// {"results": [true, -2], "metadata": {...}}.
struct LcbGrade {
  std::vector<int> results;  // as in LcbRow
  std::string metadata;      // the object as json.dumps writes it
};
// Error (input): "KEY: reason".
Result<LcbGrade> parse_lcb_details(std::string_view text);

// ---- Writing: lcb_write.cc ----
// As json.dump(indent=4) lays it out, without a newline at the end. Rows in the order given; the
// official order is by question_id, byte by byte. CHECKs that the lists of a row are of one length.

// PREFIX.json: outputs and programs, not graded.
std::string lcb_output_json(std::span<const LcbRow> rows);

// PREFIX_eval.json: [{"pass@1", ..., "detail"}, {"0": [[true, -2], ...], ...}, [[metadata], ...]].
// Of each row only results and metadata count. pass@k is 0 to 1 and there for each k that all rows
// have enough answers for: of kPassAtK (stats.h), of 1 and 5 for test output prediction; code
// execution has pass@1 in percent and no detail. The last two have no metadata list.
std::string lcb_eval_json(LcbScenario scenario, std::span<const LcbRow> rows);

// PREFIX_eval_all.json: PREFIX.json with graded_list, "pass@1", metadata.
std::string lcb_eval_all_json(std::span<const LcbRow> rows);

struct LcbModel {
  std::string name;                  // such as "o1-mini-2024-09-12"
  std::string repr;                  // as the leaderboard shows it
  std::string style;                 // name of its prompt style
  std::int64_t release_date_ms = 0;  // since the Unix epoch
  std::string link;
};

// performances_generation.json of the leaderboard's site: {"performances", "models", "date_marks"}.
// As there, a performance's date is a day after the contest, "pass@1" is in percent, and the marks
// are the first days of the months from the first contest to after the last, all in milliseconds
// since the Unix epoch, UTC. Error (input): a contest date that is none.
Result<std::string> lcb_performances_json(std::span<const LcbRow> rows, const LcbModel& model);

}  // namespace evalrun
