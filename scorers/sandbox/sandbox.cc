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

Result<std::unique_ptr<Worker>> start_ready(const WorkerSpec& spec) {
  auto worker = Worker::start(spec);
  if (!worker) return worker;
  const auto version = (*worker)->await_ready();
  if (!version) return std::unexpected(version.error());
  return worker;
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
  const auto zygote = find_resource("scorers/sandbox/zygote.py");
  CHECK(zygote.has_value());
  sandbox->spec_ = std::make_unique<WorkerSpec>(WorkerSpec{*std::move(python), std::string(*zygote),
                                                           can_isolate(sandbox->layers_),
                                                           can_filter(sandbox->layers_)});

  const unsigned cpus = std::max(1U, std::thread::hardware_concurrency());
  const int count = options.workers > 0 ? options.workers : static_cast<int>(cpus);
  for (int i = 0; i < count; ++i) {  // all warm up at the same time
    auto worker = Worker::start(*sandbox->spec_);
    if (!worker) return std::unexpected(worker.error());
    sandbox->idle_.push_back(*std::move(worker));
  }
  for (const auto& worker : sandbox->idle_) {
    const auto version = worker->await_ready();
    if (!version) return std::unexpected(version.error());
    sandbox->python_version_ = *version;
  }
  return sandbox;
}

Sandbox::~Sandbox() = default;

std::unique_ptr<Worker> Sandbox::take() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return !idle_.empty(); });
  std::unique_ptr<Worker> worker = std::move(idle_.back());
  idle_.pop_back();
  return worker;
}

// A null worker is a place whose worker could not be replaced; who takes it tries again.
void Sandbox::give(std::unique_ptr<Worker> worker) {
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(worker));
  }
  freed_.notify_one();
}

RunResult Sandbox::run(const Program& program, const Limits& limits) {
  std::unique_ptr<Worker> worker = take();
  RunResult result = ours("");
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (worker == nullptr) {
      auto fresh = start_ready(*spec_);
      if (!fresh) {
        result = ours(fresh.error().message);
        continue;
      }
      worker = *std::move(fresh);
    }
    auto answer = worker->run(program, limits);
    if (answer) {
      result = *std::move(answer);
      break;
    }
    result = ours(answer.error());
    worker.reset();
  }
  give(std::move(worker));
  return result;
}

std::vector<int> Sandbox::worker_pids() const {
  const std::lock_guard lock(mutex_);
  std::vector<int> pids;
  for (const auto& worker : idle_) {
    if (worker != nullptr) pids.push_back(worker->pid());
  }
  return pids;
}

}  // namespace evalrun
