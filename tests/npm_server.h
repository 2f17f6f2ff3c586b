// Servers from the npm registry: what others wrote, for tests of the wire against more than our own
// idea of it. tests/npm/NAME/package-lock.json pins each package by its hash. Its optional packages
// were taken out of it (builds for other machines, of 100 MB each), and so were the addresses.
#pragma once

#include <string>

#include "harness/core/result.h"

namespace evalrun {

// Installs tests/npm/NAME below the build folder, once for all tests, and returns that folder. No
// install script is run. Error (system): why it cannot be had here (no npm, no registry in reach,
// no such build for this machine); tests are skipped by it.
Result<std::string> install_npm(const std::string& name);

}  // namespace evalrun
