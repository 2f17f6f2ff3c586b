// The ledger of claims as text and as JSON. Pure functions: no file, no stdout.
#pragma once

#include <span>
#include <string>

#include "harness/claims.h"

namespace evalrun {

std::string claims_table(std::span<const Claim> claims);  // a claim in two lines, legend, counts
std::string claim_text(const Claim& claim);               // one claim, step by step
std::string claims_json(std::span<const Claim> claims);   // all of everything

// At most six digits, thousands grouped: "2,100", "0.00128", "55e12" as 5.5e+13.
std::string figure(double value);

}  // namespace evalrun
