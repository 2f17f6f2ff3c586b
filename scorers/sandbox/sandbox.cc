#include "scorers/sandbox/sandbox.h"

#include <fmt/format.h>

#include <thread>

#include "harness/core/check.h"
#include "harness/core/resources.h"
#include "scorers/sandbox/worker.h"

namespace evalrun {
namespace {

RunResult ours(std::string reason) {
  RunResult result;
  result.status = RunStatus::sandbox_error;
  result.reason = std::move(reason);
  return result;
}

// Pools are numbered by the rules of their workers.
std::size_t pool_of(const Program& program) {
  const bool wide = program.lcb_prelude || (program.kind != ProgramKind::official_assert &&
                                            program.kind != ProgramKind::call);
  const bool plain = program.kind == ProgramKind::call || program.kind == ProgramKind::program ||
                     program.kind == ProgramKind::method;
  return (plain ? 0 : 2) + (wide ? 1 : 0);
}

WorkerRules rules_of(std::size_t pool) { return {pool >= 2, pool % 2 == 1}; }

std::string resource(std::string_view name) {
  const auto bytes = find_resource(name);
  CHECK(bytes.has_value());
  return std::string(*bytes);
}

}  // namespace

std::string_view name(RunStatus status) {
  constexpr std::string_view kNames[] = {"ok",           "raised",       "exited",
                                         "signaled",     "time_limit",   "memory_limit",
                                         "output_limit", "sandbox_error"};
  return kNames[static_cast<int>(status)];
}

Result<std::unique_ptr<Sandbox>> Sandbox::open(const SandboxOptions& options) {
  std::unique_ptr<Sandbox> sandbox(new Sandbox);
  sandbox->layers_ = probe_layers();
  const std::string missing = missing_layer(sandbox->layers_);
  if (!missing.empty() && !options.unsafe) {
    return system_error(fmt::format(
        "sandbox: {}; or accept the risk with --unsafe-no-sandbox (see `evalrun doctor`)",
        missing));
  }
  auto python = find_python(options.python);
  if (!python) return std::unexpected(python.error());
  sandbox->spec_ = std::make_unique<WorkerSpec>(
      WorkerSpec{*std::move(python), resource("scorers/sandbox/zygote.py"),
                 resource("scorers/sandbox/supervisor.so"), can_isolate(sandbox->layers_),
                 can_filter(sandbox->layers_), find_group_places()});
  const unsigned cpus = std::max(1U, std::thread::hardware_concurrency());
  sandbox->free_ = options.workers > 0 ? options.workers : static_cast<int>(cpus);
  const std::size_t pool = pool_of(Program{});
  auto first = sandbox->start(pool);
  if (!first) return std::unexpected(first.error());
  sandbox->python_version_ = (*first)->python_version();
  sandbox->idle_[pool].push_back(*std::move(first));
  return sandbox;
}

Sandbox::~Sandbox() = default;

Result<std::unique_ptr<Worker>> Sandbox::start(std::size_t pool) const {
  auto worker = Worker::start(*spec_, rules_of(pool));
  if (!worker) return worker;
  if (const Status ready = (*worker)->await_ready(); !ready) return std::unexpected(ready.error());
  return worker;
}

// Null: none of this pool is idle; who takes it starts one.
std::unique_ptr<Worker> Sandbox::take(std::size_t pool) {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return free_ > 0; });
  --free_;
  if (idle_[pool].empty()) return nullptr;
  std::unique_ptr<Worker> worker = std::move(idle_[pool].back());
  idle_[pool].pop_back();
  return worker;
}

void Sandbox::give(std::size_t pool, std::unique_ptr<Worker> worker) {
  {
    const std::lock_guard lock(mutex_);
    if (worker != nullptr) idle_[pool].push_back(std::move(worker));
    ++free_;
  }
  freed_.notify_one();
}

RunResult Sandbox::run(const Program& program, const Limits& limits, std::string_view input) {
  RunResult result;
  run_tests(program, limits, std::span(&input, 1), [&](std::size_t, const RunResult& test) {
    result = test;
    return false;
  });
  return result;
}

void Sandbox::run_tests(const Program& program, const Limits& limits,
                        std::span<const std::string_view> inputs, const Observer& observe) {
  CHECK(!inputs.empty());
  const std::size_t pool = pool_of(program);
  std::unique_ptr<Worker> worker = take(pool);
  std::size_t told = 0;  // a second attempt starts over, but tells only what is new
  const auto observe_new = [&](std::size_t test, const RunResult& result) {
    if (test < told) return true;
    ++told;
    return observe(test, result);
  };
  std::string failure;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (worker == nullptr) {
      auto fresh = start(pool);
      if (!fresh) {
        failure = fresh.error().message;
        continue;
      }
      worker = *std::move(fresh);
    }
    failure = worker->run(program, limits, inputs, observe_new);
    if (failure.empty()) break;
    worker.reset();
  }
  if (worker != nullptr && !worker->usable()) worker.reset();
  give(pool, std::move(worker));
  if (!failure.empty()) observe(told, ours(failure));
}

std::vector<int> Sandbox::worker_pids() const {
  const std::lock_guard lock(mutex_);
  std::vector<int> pids;
  for (const auto& workers : idle_) {
    for (const auto& worker : workers) pids.push_back(worker->pid());
  }
  return pids;
}

}  // namespace evalrun
