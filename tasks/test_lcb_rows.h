// For tests: rows in the shape of LiveCodeBench's data files.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace evalrun {

inline nlohmann::json lcb_code_json(const std::string& id) {
  const nlohmann::json tests = {{{"input", "1\n"}, {"output", "2\n"}, {"testtype", "stdin"}}};
  return {{"question_title", "Title of " + id},
          {"question_content", "Add one to the number."},
          {"platform", "atcoder"},
          {"question_id", id},
          {"contest_id", "abc1"},
          {"contest_date", "2024-01-06T00:00:00"},
          {"starter_code", ""},
          {"difficulty", "easy"},
          {"public_test_cases", tests.dump()},
          {"private_test_cases", "[]"},
          {"metadata", "{}"}};
}

inline nlohmann::json lcb_exec_json(const std::string& id) {
  return {{"question_id", 2777},
          {"id", id},
          {"function_name", "plus"},
          {"code", "def plus(a: int) -> int:\n    return a + 1"},
          {"input", "plus(a = 2)"},
          {"output", "3"},
          {"numsteps", 4},
          {"problem_id", {1, 2}},
          {"contest_id", "weekly-1"},
          {"contest_date", 1683504000000},
          {"difficulty", "medium"}};
}

inline nlohmann::json lcb_testgen_json(const std::string& question, int test_id) {
  const nlohmann::json test = {
      {{"input", "[1, 2]\n\"x\""}, {"output", "{\"a\": 3}"}, {"testtype", "functional"}}};
  return {{"question_title", "a-title"},
          {"question_content", "Return what is asked."},
          {"question_id", question},
          {"contest_id", "weekly-1"},
          {"contest_date", "2023-05-13T00:00:00"},
          {"difficulty", "hard"},
          {"test", test.dump()},
          {"starter_code", "class Solution:\n    def pick(self, a, b):\n        "},
          {"function_name", "pick"},
          {"test_id", test_id}};
}

// A row of an eval_all.json with one attempt for each grade, all of the same metadata.
inline nlohmann::json lcb_eval_json(const std::string& id, const std::vector<bool>& grades,
                                    const nlohmann::json& metadata) {
  nlohmann::json row = lcb_code_json(id);
  row["metadata"] = nlohmann::json::array();
  for (std::size_t j = 0; j < grades.size(); ++j) {
    row["output_list"].push_back("said " + std::to_string(j));
    row["code_list"].push_back("print(" + std::to_string(j) + ")");
    row["graded_list"].push_back(bool(grades[j]));
    row["metadata"].push_back(metadata.dump());
  }
  return row;
}

}  // namespace evalrun
