#include "scorers/sandbox/sandbox_executor.h"

#include <fmt/format.h>

namespace evalrun {
namespace {

// What LiveCodeBench's grader allows a test is 6 s. It sets no limit of memory; programs that start
// threads with big stacks need room. Outputs of its problems reach some megabytes.
constexpr Limits kTestLimits{.cpu_ms = 6000,
                             .wall_ms = 20'000,
                             .memory_bytes = std::int64_t{4} << 30,
                             .output_bytes = std::int64_t{32} << 20,
                             .processes = 64};

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

ProgramKind kind_of(const TestedProgram& program) {
  const bool whole = program.entry_point.empty();
  if (program.official) return whole ? ProgramKind::official_program : ProgramKind::official_method;
  return whole ? ProgramKind::program : ProgramKind::method;
}

}  // namespace

ExecResult to_exec_result(const RunResult& result) {
  ExecResult out;
  out.status = exec_status(result.status);
  out.value = result.value;
  out.detail = result.reason;
  if (result.status == RunStatus::exited)
    out.detail = fmt::format("exit {}: {}", result.exit_code, result.reason);
  out.before_tests = result.before_tests;
  out.cpu_us = result.cpu_us;
  return out;
}

Result<std::unique_ptr<SandboxExecutor>> SandboxExecutor::open(const SandboxOptions& options) {
  auto sandbox = Sandbox::open(options);
  if (!sandbox) return std::unexpected(sandbox.error());
  return std::unique_ptr<SandboxExecutor>(new SandboxExecutor(*std::move(sandbox)));
}

ExecResult SandboxExecutor::run_assert(const std::string& program, Prelude prelude) {
  const bool lcb = prelude == Prelude::lcb;
  return to_exec_result(sandbox_->run({ProgramKind::official_assert, program, "", lcb}, Limits{}));
}

ExecResult SandboxExecutor::call(const std::string& code, const std::string& arguments) {
  return to_exec_result(sandbox_->run({ProgramKind::call, code, arguments}, Limits{}));
}

void SandboxExecutor::run_tests(const TestedProgram& program,
                                std::span<const std::string_view> inputs,
                                const TestObserver& observe) {
  const ProgramKind kind = kind_of(program);
  sandbox_->run_tests({kind, program.code, program.entry_point}, kTestLimits, inputs,
                      [&](std::size_t test, const RunResult& result) {
                        ExecResult told = to_exec_result(result);
                        if (kind == ProgramKind::program) told.value = result.stdout_text;
                        return observe(test, told);
                      });
}

}  // namespace evalrun
