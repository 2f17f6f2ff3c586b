// One figure somebody published beside what our model of the machine computes for it.
#pragma once

#include <string>

namespace evalrun::sim {

struct ValidationPoint {
  std::string group;            // "wafer prefill": the points one bound is held against
  std::string what;             // "llama3-8b 480x480, tokens/s"
  std::string source;           // where it was published
  double published = 0;         // in the unit that `what` says
  double computed = 0;          // by the model, same unit
  bool is_calibration = false;  // true: the parameters were chosen with this point in view

  // Signed and relative: 0.1 is ten per cent above what was published.
  double error() const { return published == 0 ? 0 : computed / published - 1; }
};

}  // namespace evalrun::sim
