// The words of the claims and the numbers of others, as data: harness/claims.toml, built in.
//
//   [input]
//   "crux.cepo" = {value = 80.1, unit = "%", what = "...", source = "...", status = "published"}
//   [[claim]]
//   name = "2100-tokens"     # what the command line calls it
//   title = "..."            # the claim in one line
//   words = "..."            # what the source says, in short
//   rule = "..."             # which computed number leads to which verdict
//   command = "evalrun ..."  # shows it
//
// Pure functions, thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

struct ClaimInput {
  double value = 0;
  std::string unit;
  std::string what;    // it is a number of
  std::string source;  // where it was read
  std::string status;  // "published", "derived" or "assumed"
};

struct ClaimWords {
  std::string name, title, words, rule, command;
};

struct ClaimLedger {
  std::vector<ClaimWords> claims;  // in file order, names differ
  std::map<std::string, ClaimInput> inputs;
};

// Error (input): "SOURCE:LINE: KEY: what to do", also for a key that is unknown or missing, a
// number that is not finite or is negative, a status that is none and a name that comes twice.
Result<ClaimLedger> parse_claim_ledger(std::string_view toml, const std::string& source);

// The one that is built in.
Result<ClaimLedger> load_claim_ledger();

}  // namespace evalrun
