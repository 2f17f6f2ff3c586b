// Pass 3: from a run folder to the report.
#pragma once

#include <optional>
#include <vector>

#include "harness/core/result.h"
#include "results/report.h"
#include "results/store.h"

namespace evalrun {

// What a run folder holds, as a report needs it.
struct RunRecords {
  RunInfo run;
  std::vector<CallRecord> calls;
  std::vector<SampleRecord> samples;
  std::vector<ScoreRecord> scores;
};
Report report_of(const RunRecords& records, const std::optional<Slo>& slo = std::nullopt);

// Of a run folder. A run on a simulated target has its times computed now. `slo`: the limits of
// goodput.
Result<Report> report_of(const RunFolder& folder, const std::optional<Slo>& slo = std::nullopt);

// The table on stdout, as wide as the terminal, coloured where stdout is one (NO_COLOR is obeyed).
// `latency`: with every distribution of it, see ReportStyle.
void print_report(const Report& report, bool latency = false);

}  // namespace evalrun
