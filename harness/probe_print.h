// What evalrun probe found, for people and for programs.
#pragma once

#include <string>

#include "runners/remote/probe.h"

namespace evalrun {

// One screen; ends with a line break.
std::string probe_text(const ProbeReport& report);

// {"base_url", "api", "reachable": {…}, "models": {…}, "model", "answered", "features": {NAME:
// {"support", "detail"}}, "speed": {…}, "rate_limits": […], "spent": {…}}: keys are never left out,
// what is not known is null.
std::string probe_json(const ProbeReport& report);

}  // namespace evalrun
