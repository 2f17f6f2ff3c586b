// A simulated run as a trace in Chrome's JSON format, for Perfetto (ui.perfetto.dev) and
// chrome://tracing: one process a play, calls as slices, load as counters.
// Format: "Trace Event Format" (Google, 2016): complete events "X", counters "C", metadata "M";
// times in microseconds.
#pragma once

#include <string>
#include <vector>

#include "harness/sim_machine.h"
#include "harness/simulate.h"

namespace evalrun {

class SimTrace {
 public:
  SimTrace();
  // Calls of one sample and of samples at the same time are put on as few tracks as hold them
  // without overlap; within a call: waiting, prompt, completion. Times are rounded to nanoseconds.
  void add(const SimTarget& target, const StrategyPlay& play);
  // The whole document; nothing can be added afterwards.
  std::string finish();

 private:
  void add_name(const char* kind, std::int64_t track, const std::string& name);
  void add_slice(const std::string& name, std::int64_t track, double begin_s, double end_s,
                 const std::string& sample);
  void add_load(const sim::LoadPoint& point);

  std::string out_;
  std::int64_t process_ = 0;
};

}  // namespace evalrun
