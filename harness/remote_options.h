// The settings of a remote endpoint as the options of runners/remote, for --target remote and for
// evalrun probe.
#pragma once

#include "harness/core/result.h"
#include "harness/settings.h"
#include "runners/remote/remote_model.h"

namespace evalrun {

// A provider's preset, the settings over it, and the key from where they say. The model may be
// empty. Error (usage): neither URL nor provider, an unknown provider, a key that is not there, a
// header or -M that is not NAME=VALUE.
Result<RemoteOptions> remote_options(const Settings& settings);

}  // namespace evalrun
