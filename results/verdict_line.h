// What `evalrun score --out-format jsonl` leaves behind: a line a judged program. Scoring thousands
// of programs takes hours; a file of these can be gone on with after an interruption.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/core/result.h"
#include "harness/core/types.h"
#include "results/line_file.h"

namespace evalrun {

// Which program under which scorer. The hash is in it so that a file of other generations is judged
// anew, not mistaken for this one.
struct VerdictKey {
  std::string suite;
  std::string sample;
  int generation = 0;  // index of the answer among the sample's, from 0
  ScorerKind scorer = ScorerKind::strict;
  std::string program_sha256;  // of what was judged, after extraction
  auto operator<=>(const VerdictKey&) const = default;
};

struct VerdictLine {
  VerdictKey key;
  Verdict verdict = Verdict::wrong;
  bool skipped = false;     // as ScoreRecord::skipped
  std::string explanation;  // one line, why; untrusted text
  std::string details;      // as ScoreRecord::details
};

// {"suite", "sample", "generation", "scorer", "program_sha256", "verdict", "skipped",
// "explanation", "details"} in this order, without a newline. Bytes that are not UTF-8 become
// U+FFFD.
std::string to_json_line(const VerdictLine& line);
// The inverse. Error (input): "KEY: reason" or "not valid JSON at byte N".
Result<VerdictLine> parse_verdict_line(std::string_view line);

// A file of them that grows. Thread-safe after open(); the only writer of its file.
class VerdictLog {
 public:
  // Reads what is there; a last line without its newline is what an interrupted process left, and
  // is cut off. Error: "PATH:LINE: KEY: reason", or the path and the system's reason.
  static Result<std::unique_ptr<VerdictLog>> open(const std::string& path);

  // The verdict that is already there; the last one if there are several. A failure of ours is
  // none: it is to be tried again.
  std::optional<VerdictLine> find(const VerdictKey& key) const;

  // The line is in the file, as a whole, when this returns. Error (system): see LineWriter.
  Status append(const VerdictLine& line);

 private:
  explicit VerdictLog(LineWriter writer) : writer_(std::move(writer)) {}
  void keep(const VerdictLine& line);

  mutable std::mutex mu_;
  LineWriter writer_;                           // guarded by mu_
  std::map<VerdictKey, VerdictLine> verdicts_;  // guarded by mu_
};

}  // namespace evalrun
