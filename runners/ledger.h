// The token ledger of one sample, and the shape of its call graph: which calls each one waited for,
// and how much of its prompt repeats what an earlier one had. A simulation needs no more than this
// (and no text), so it is in samples.jsonl.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/types.h"

namespace evalrun {

// Orders paths with runs of digits as numbers: "plan=9" before "plan=10", a step before what is
// below it ("plan=4" before "plan=4/execute"). A strict total order.
bool path_less(std::string_view a, std::string_view b);
struct PathLess {
  bool operator()(const std::string& a, const std::string& b) const { return path_less(a, b); }
};

// A finished call, as Caller keeps it until the sample is over.
struct FinishedCall {
  StepUse use;                     // `after` and what is shared are filled in by make_ledger
  std::vector<std::string> after;  // paths of calls that had ended before this one was sent
  std::string transcript;          // of prompt and completion, as a later prompt would repeat them
  std::size_t prompt_bytes = 0;    // of these, the prompt
};

// One text for a list of messages, such that what two lists have in common at their beginning is
// common to their texts.
std::string transcript_of(const std::vector<Message>& messages);

// The calls in order of their paths. StepUse::after: indices into the result, ascending.
// StepUse::shared_*: of the calls that were sent earlier (in the order that the graph gives, lower
// paths first) the one that has the longest beginning in common; one that may still be under way
// (a sibling) only where it has more than twice as much. Tokens are estimated by the share of the
// prompt's bytes, rounded down. Independent of timing.
std::vector<StepUse> make_ledger(const std::map<std::string, FinishedCall, PathLess>& calls);

}  // namespace evalrun
