// The sandbox as the scorers see it.
#pragma once

#include <memory>
#include <string>

#include "harness/core/result.h"
#include "scorers/executor.h"
#include "scorers/sandbox/sandbox.h"

namespace evalrun {

// Thread-safe; each call waits for a free worker. Limits are the defaults of sandbox.h: those of
// CRUXEval's executor, counted in CPU time.
class SandboxExecutor : public Executor {
 public:
  static Result<std::unique_ptr<SandboxExecutor>> open(const SandboxOptions& options);

  ExecResult run_assert(const std::string& program, Prelude prelude) override;
  ExecResult call(const std::string& code, const std::string& arguments) override;
  void run_tests(const TestedProgram& program, std::span<const std::string_view> inputs,
                 const TestObserver& observe) override;

  const Sandbox& sandbox() const { return *sandbox_; }  // layers and versions, for the record

 private:
  explicit SandboxExecutor(std::unique_ptr<Sandbox> sandbox) : sandbox_(std::move(sandbox)) {}
  std::unique_ptr<Sandbox> sandbox_;
};

ExecResult to_exec_result(const RunResult& result);

}  // namespace evalrun
