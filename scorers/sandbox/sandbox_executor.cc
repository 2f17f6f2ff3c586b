#include "scorers/sandbox/sandbox_executor.h"

#include <fmt/format.h>

namespace evalrun {
namespace {

ExecStatus exec_status(RunStatus status) {
  switch (status) {
    case RunStatus::ok:
      return ExecStatus::ok;
    case RunStatus::raised:
      return ExecStatus::raised;
    case RunStatus::exited:
      return ExecStatus::exited;
    case RunStatus::signaled:
      return ExecStatus::crashed;
    case RunStatus::time_limit:
      return ExecStatus::time_limit;
    case RunStatus::memory_limit:
      return ExecStatus::memory_limit;
    case RunStatus::output_limit:
      return ExecStatus::output_limit;
    case RunStatus::sandbox_error:
      break;
  }
  return ExecStatus::infra_error;
}

std::string detail_of(const RunResult& result) {
  switch (result.status) {
    case RunStatus::ok:
      return "";
    case RunStatus::exited:
      return fmt::format("exit {}: {}", result.exit_code, result.reason);
    default:
      return result.reason;
  }
}

}  // namespace

ExecResult to_exec_result(RunResult result) {
  return {exec_status(result.status), std::move(result.value), detail_of(result), result.cpu_ms};
}

Result<std::unique_ptr<SandboxExecutor>> SandboxExecutor::open(const SandboxOptions& options) {
  auto sandbox = Sandbox::open(options);
  if (!sandbox) return std::unexpected(sandbox.error());
  return std::unique_ptr<SandboxExecutor>(new SandboxExecutor(*std::move(sandbox)));
}

ExecResult SandboxExecutor::run_assert(const std::string& program, Prelude) {
  return to_exec_result(sandbox_->run({ProgramKind::official_assert, program, ""}, Limits{}));
}

ExecResult SandboxExecutor::call(const std::string& code, const std::string& arguments) {
  return to_exec_result(sandbox_->run({ProgramKind::call, code, arguments}, Limits{}));
}

void SandboxExecutor::run_tests(const TestedProgram&, std::span<const std::string_view>,
                                const TestObserver& observe) {
  observe(0, {ExecStatus::infra_error, "", "not yet", 0});
}

}  // namespace evalrun
