// A problem of LiveCodeBench: tasks reads it, results writes it into LiveCodeBench's own files.
#pragma once

#include <string>

namespace evalrun {

struct LcbProblem {
  std::string title;
  std::string content;      // the statement, Markdown or plain
  std::string platform;     // leetcode atcoder codeforces
  std::string question_id;  // such as "abc301_a" or "2727"
  std::string contest_id;
  std::string contest_date;    // ISO 8601 without a zone: "2023-05-13T00:00:00"
  std::string starter_code;    // "" = a program from stdin to stdout
  std::string difficulty;      // easy medium hard
  std::string func_name = {};  // the method that the tests call; "" = a whole program
};

}  // namespace evalrun
