#include "harness/prices.h"

#include <fmt/core.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/date.h"
#include "harness/core/resources.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr const char* kBuiltIn = "harness/prices.toml";

// Reads one [[price]] table; the first error stays.
class RowReader {
 public:
  RowReader(const toml::table& table, const std::string& source) : table_(table), source_(source) {}

  std::string text(std::string_view key, bool is_needed) {
    const toml::node* node = find(key, is_needed);
    if (node == nullptr) return "";
    const auto* value = node->as_string();
    if (value == nullptr || value->get().empty()) {
      fail(*node, key, "needs a string that is not empty");
      return "";
    }
    return value->get();
  }

  // US dollars; `fallback` where the key may be left out.
  double usd(std::string_view key, std::optional<double> fallback = std::nullopt) {
    const toml::node* node = find(key, !fallback);
    if (node == nullptr) return fallback.value_or(0);
    const std::optional<double> value = node->is_number() ? node->value<double>() : std::nullopt;
    if (value && std::isfinite(*value) && *value >= 0) return *value;
    fail(*node, key, "needs a number of US dollars a million tokens, 0 or more");
    return 0;
  }

  std::string day(std::string_view key) {
    const std::string value = text(key, true);
    if (error_.empty() && !is_date(value))
      fail(*table_.get(key), key, "needs a day in quotes, such as \"2026-06-21\"");
    return value;
  }

  // After all keys were read: whether there was an error, or a key that nobody knows.
  Status done() {
    for (const auto& [key, node] : table_)
      if (std::find(known_.begin(), known_.end(), key.str()) == known_.end())
        fail(node, key.str(), "unknown key" + did_you_mean(key.str(), known_));
    if (!error_.empty()) return usage_error(error_);
    return {};
  }

 private:
  const toml::node* find(std::string_view key, bool is_needed) {
    known_.emplace_back(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr && is_needed) fail(table_, key, "is missing");
    return node;
  }

  void fail(const toml::node& at, std::string_view key, std::string_view what) {
    if (error_.empty())
      error_ = fmt::format("{}:{}: {}: {}", source_, at.source().begin.line,
                           to_printable(key.substr(0, 60), true), what);
  }

  const toml::table& table_;
  const std::string& source_;
  std::vector<std::string> known_;
  std::string error_;
};

Result<PriceRow> parse_row(const toml::table& table, const std::string& source) {
  RowReader in(table, source);
  PriceRow row;
  row.provider = in.text("provider", false);
  row.model = in.text("model", true);
  row.price.prompt_usd = in.usd("prompt_usd");
  row.price.cached_usd = in.usd("cached_usd", row.price.prompt_usd);
  row.price.completion_usd = in.usd("completion_usd");
  row.price.as_of = in.day("as_of");
  row.price.source = in.text("source", true);
  if (Status status = in.done(); !status) return std::unexpected(status.error());
  return row;
}

Result<std::vector<PriceRow>> parse_table(const toml::table& file, const std::string& source) {
  std::vector<PriceRow> rows;
  for (const auto& [key, node] : file) {
    const toml::array* list = node.as_array();
    if (key.str() != "price" || list == nullptr || !list->is_array_of_tables())
      return usage_error(fmt::format("{}:{}: {}: only [[price]] tables may stand here", source,
                                     key.source().begin.line,
                                     to_printable(key.str().substr(0, 60), true)));
    for (const toml::node& item : *list) {
      auto row = parse_row(*item.as_table(), source);
      if (!row) return std::unexpected(row.error());
      rows.push_back(*std::move(row));
    }
  }
  return rows;
}

bool matches(std::string_view pattern, std::string_view model) {
  if (!pattern.ends_with('*')) return pattern == model;
  return model.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace

Result<std::vector<PriceRow>> parse_prices(std::string_view toml, const std::string& source) {
  try {
    return parse_table(toml::parse(toml, source), source);
  } catch (const toml::parse_error& error) {
    return usage_error(fmt::format("{}:{}: {}", source, error.source().begin.line,
                                   to_printable(error.description(), true)));
  }
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
