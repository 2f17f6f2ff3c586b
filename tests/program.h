// Starts the built evalrun, as a user would.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "harness/core/test_folder.h"

namespace evalrun {

struct Finished {
  int exit = -1;  // exit code; -1 when ended by a signal
  int signal = 0;
  std::string out;  // stdout
  std::string err;  // stderr
};

// Starts evalrun with `arguments`; stdout and stderr go to the two files. `environment` is added to
// (or, "NAME=" cleared from) ours. Returns its pid.
pid_t start_evalrun(const std::vector<std::string>& arguments, const std::string& out_file,
                    const std::string& err_file, const std::vector<std::string>& environment = {});

// Starts it and waits for its end.
Finished evalrun(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment = {});

std::string file_text(const std::string& path);  // fails the test when it cannot be read
std::vector<std::string> file_lines(const std::string& path);

// $EVALRUN_DATA/`name` if it exists, else "".
std::string data_file(const std::string& name);

}  // namespace evalrun
