// For tests: an executor that answers what it was told to, and remembers what it was asked.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scorers/executor.h"

namespace evalrun {

inline ExecResult exec_result(ExecStatus status, std::string value = "", std::string detail = "") {
  ExecResult result;
  result.status = status;
  result.value = std::move(value);
  result.detail = std::move(detail);
  return result;
}

class FakeExecutor : public Executor {
 public:
  ExecResult run_assert(const std::string& program, Prelude prelude) override {
    return answer(prelude == Prelude::lcb ? "lcb assert" : "assert", program);
  }
  ExecResult call(const std::string& code, const std::string& arguments) override {
    return answer("call", code + "|" + arguments);
  }
  // Reports test_results[code], test by test, and ends as executor.h says.
  void run_tests(const TestedProgram& program, std::span<const std::string_view> inputs,
                 const TestObserver& observe) override {
    const std::vector<ExecResult> results = remember(program, inputs);
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!observe(i, results[i]) || results[i].status != ExecStatus::ok) return;
    }
  }

  ExecResult default_result = exec_result(ExecStatus::raised, "", "AssertionError");
  std::map<std::string, ExecResult> results;                    // by program, or code|arguments
  std::map<std::string, std::vector<ExecResult>> test_results;  // by code
  std::vector<std::string> asked;
  std::vector<TestedProgram> tested;
  std::vector<std::string> inputs_seen;  // of the last tested program

 private:
  ExecResult answer(const std::string& verb, const std::string& what) {
    const std::lock_guard lock(mutex_);
    asked.push_back(verb + ": " + what);
    const auto known = results.find(what);
    return known == results.end() ? default_result : known->second;
  }
  std::vector<ExecResult> remember(const TestedProgram& program,
                                   std::span<const std::string_view> inputs) {
    const std::lock_guard lock(mutex_);
    tested.push_back(program);
    inputs_seen.assign(inputs.begin(), inputs.end());
    return test_results[program.code];
  }
  std::mutex mutex_;
};

}  // namespace evalrun
