// Which build this is. Written by cmake/write_version.cmake at each build.
#pragma once

namespace evalrun {

extern const char* const kVersion;  // semantic version, "0.1.0"
extern const char* const kCommit;   // git commit, "-dirty" behind it when files were changed

}  // namespace evalrun
