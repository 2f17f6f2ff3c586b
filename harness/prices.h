// What tokens cost at whom: the built-in list (prices.toml) and the user's (--prices FILE).
//
//   [[price]]
//   provider = "openai"        # as the presets are named; left out: whoever serves the model
//   model = "gpt-4.1-mini*"    # exact, or the beginning of a name and a star
//   prompt_usd = 0.40          # US dollars a million tokens
//   cached_usd = 0.10          # of prompt tokens read from the endpoint's cache; left out: as
//   prompt completion_usd = 1.60      # thinking included as_of = "2026-06-21"       # the day it
//   was looked up source = "https://..."
//
// Pure functions, thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "harness/core/types.h"

namespace evalrun {

struct PriceRow {
  std::string provider;  // "" = any
  std::string model;     // a name, or the beginning of one and "*"
  Price price;
  bool operator==(const PriceRow&) const = default;
};

// Rows in file order. Error (usage): "SOURCE:LINE: KEY: what to do", also for an unknown key, a
// number that is missing, negative or not finite, and a day that is not YYYY-MM-DD.
Result<std::vector<PriceRow>> parse_prices(std::string_view toml, const std::string& source);

// The built-in rows, then those of `user_file` ("" = none). Error (usage): as above, or the file
// cannot be read.
Result<std::vector<PriceRow>> load_prices(const std::string& user_file);

// The last row that matches, so that a user's row wins over a built-in one; none: the price is
// unknown. Upper and lower case differ.
std::optional<Price> find_price(std::span<const PriceRow> rows, std::string_view provider,
                                std::string_view model);

}  // namespace evalrun
