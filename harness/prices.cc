#include "harness/prices.h"

#include <iterator>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/date.h"
#include "harness/core/resources.h"
#include "harness/core/text.h"
#include "harness/toml_table.h"

namespace evalrun {
namespace {

constexpr const char* kBuiltIn = "harness/prices.toml";

PriceRow read_row(const toml::table& table, TomlErrors& errors) {
  constexpr TomlNumber kUsd{.what = "a number of US dollars a million tokens"};
  TomlTable in(table, errors);
  in.expect_only(
      {"provider", "model", "prompt_usd", "cached_usd", "completion_usd", "as_of", "source"});
  PriceRow row;
  if (in.has("provider")) row.provider = in.text("provider", "a provider's name");
  row.model = in.text("model", "the model's name");
  row.price.prompt_usd = in.number("prompt_usd", kUsd);
  row.price.cached_usd =
      in.has("cached_usd") ? in.number("cached_usd", kUsd) : row.price.prompt_usd;
  row.price.completion_usd = in.number("completion_usd", kUsd);
  row.price.as_of = in.text("as_of", "the day it was looked up, such as 2026-06-21");
  if (errors.empty() && !is_date(row.price.as_of))
    in.fail("as_of", "needs a day in quotes, such as \"2026-06-21\"");
  row.price.source = in.text("source", "where the price was read");
  return row;
}

std::vector<PriceRow> read_rows(const toml::table& file, TomlErrors& errors) {
  std::vector<PriceRow> rows;
  for (const auto& [key, node] : file) {
    const toml::array* list = node.as_array();
    if (key.str() != "price" || list == nullptr || !list->is_array_of_tables()) {
      errors.add(node, key.str(), "only [[price]] tables may stand here");
      return rows;
    }
    for (const toml::node& item : *list) rows.push_back(read_row(*item.as_table(), errors));
  }
  return rows;
}

bool matches(std::string_view pattern, std::string_view model) {
  if (!pattern.ends_with('*')) return pattern == model;
  return model.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace

Result<std::vector<PriceRow>> parse_prices(std::string_view toml, const std::string& source) {
  return parse_toml<std::vector<PriceRow>>(toml, source, Error::Kind::usage, read_rows);
}

Result<std::vector<PriceRow>> load_prices(const std::string& user_file) {
  const auto built_in = find_resource(kBuiltIn);
  EVALRUN_CHECK_WHY(built_in.has_value(), "the price list is not built in");
  auto rows = parse_prices(*built_in, kBuiltIn);
  if (!rows || user_file.empty()) return rows;
  const auto text = read_file(user_file);
  if (!text) return usage_error("--prices: " + text.error().message);
  auto own = parse_prices(*text, user_file);
  if (!own) return own;
  rows->insert(rows->end(), std::make_move_iterator(own->begin()),
               std::make_move_iterator(own->end()));
  return rows;
}

std::optional<Price> find_price(std::span<const PriceRow> rows, std::string_view provider,
                                std::string_view model) {
  for (std::size_t i = rows.size(); i-- > 0;)
    if ((rows[i].provider.empty() || rows[i].provider == provider) && matches(rows[i].model, model))
      return rows[i].price;
  return std::nullopt;
}

}  // namespace evalrun
