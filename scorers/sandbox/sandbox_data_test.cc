// All 800 CRUXEval problems: each one's own assertion holds, and the value of f(input), written by
// structure, equals the expected output under Python's ==.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "harness/core/text.h"
#include "scorers/sandbox/sandbox_executor.h"

namespace evalrun {
namespace {

std::vector<nlohmann::json> problems() {
  const char* data = std::getenv("EVALRUN_DATA");
  if (data == nullptr) return {};
  const auto file = read_file(fmt::format("{}/cruxeval/cruxeval.jsonl", data));
  const std::string text = file.value_or("");
  std::vector<nlohmann::json> rows;
  for (std::string_view line : split(text, '\n')) {
    if (!line.empty()) rows.push_back(nlohmann::json::parse(line));
  }
  return rows;
}

TEST(SandboxData, EveryCruxevalProblemHoldsUnderBothKinds) {
  const auto rows = problems();
  if (rows.empty()) GTEST_SKIP() << "EVALRUN_DATA is not set, or holds no cruxeval/";
  ASSERT_EQ(rows.size(), 800U);
  auto executor = SandboxExecutor::open({.workers = 2, .python = "", .unsafe = false});
  ASSERT_TRUE(executor.has_value()) << executor.error().message;
  for (const auto& row : rows) {
    const std::string code = row["code"], input = row["input"], output = row["output"];
    SCOPED_TRACE(row["id"].get<std::string>());
    const auto assertion = (*executor)->run_assert(
        fmt::format("{}\nassert {} == f({})", code, output, input), Prelude::none);
    EXPECT_EQ(assertion.status, ExecStatus::ok) << assertion.detail;
    const auto called = (*executor)->call(code, input);
    ASSERT_EQ(called.status, ExecStatus::ok) << called.detail;
    const auto equal = (*executor)->run_assert(fmt::format("assert {} == {}", called.value, output),
                                               Prelude::none);
    EXPECT_EQ(equal.status, ExecStatus::ok) << called.value << " is not " << output;
  }
}

}  // namespace
}  // namespace evalrun
