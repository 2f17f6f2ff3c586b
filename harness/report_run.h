// Pass 3: from a run folder to the report.
#pragma once

#include "harness/core/result.h"
#include "results/report.h"
#include "results/store.h"

namespace evalrun {

Result<Report> report_of(const RunFolder& folder);

// The table on stdout, as wide as the terminal, coloured where stdout is one (NO_COLOR is obeyed).
void print_report(const Report& report);

}  // namespace evalrun
