#include "harness/toml_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/text.h"

namespace evalrun {

void TomlErrors::add(const toml::node& at, std::string_view key, std::string_view what) {
  if (!message_.empty()) return;
  const auto line = std::max<toml::source_index>(1, at.source().begin.line);
  message_ = fmt::format("{}:{}: {}: {}", to_printable(source_, true), line,
                         to_printable(key.substr(0, 60), true), what);
}

Status TomlErrors::status(Error::Kind kind) const {
  if (message_.empty()) return {};
  return std::unexpected(Error{kind, message_});
}

void TomlTable::expect_only(const std::vector<std::string>& known) {
  for (const auto& [key, node] : table_)
    if (std::ranges::find(known, key.str()) == known.end())
      errors_.add(node, prefix_ + std::string(key.str()),
                  "unknown key" + did_you_mean(key.str(), known) + "; take it out");
}

std::string TomlTable::text(const std::string& key, const char* what) {
  const toml::node* node = find(key, fmt::format("add {}, in quotes", what));
  if (node == nullptr) return "";
  const auto* value = node->as_string();
  if (value != nullptr && !strip(value->get()).empty()) return value->get();
  fail(key, fmt::format("needs {}, in quotes", what));
  return "";
}

std::string TomlTable::one_of(const std::string& key, const std::vector<std::string>& words) {
  const std::string choice = fmt::format("\"{}\"", fmt::join(words, "\" or \""));
  const toml::node* node = find(key, "add " + choice);
  if (node == nullptr) return "";
  std::string value = node->value<std::string>().value_or("");
  if (std::ranges::find(words, value) != words.end()) return value;
  fail(key, "needs " + choice);
  return "";
}

bool TomlTable::boolean(const std::string& key) {
  const toml::node* node = find(key, "add true or false");
  if (node == nullptr) return false;
  if (const auto* value = node->as_boolean()) return value->get();
  fail(key, "needs true or false, without quotes");
  return false;
}

double TomlTable::number(const std::string& key, const TomlNumber& range) {
  const toml::node* node = find(key, fmt::format("add {}", range.what));
  if (node == nullptr) return 0;
  const double value =
      node->is_number() ? node->value<double>().value_or(std::nan("")) : std::nan("");
  const bool is_low = value < range.min && !(range.is_or_0 && value == 0);
  const bool is_broken = range.is_whole && value != std::floor(value);
  if (std::isfinite(value) && !is_low && !is_broken && value <= range.max) return value;
  const bool has_max = range.max < std::numeric_limits<double>::max();
  fail(key, fmt::format("needs {}{} from {:g}{}", range.is_or_0 && range.min > 0 ? "0 or " : "",
                        range.what, range.min, has_max ? fmt::format(" to {:g}", range.max) : ""));
  return 0;
}

std::int64_t TomlTable::count(const std::string& key, std::int64_t max) {
  const toml::node* node = find(key, "add a whole number");
  if (node == nullptr) return 0;
  const auto* value = node->as_integer();
  if (value != nullptr && value->get() >= 1 && value->get() <= max) return value->get();
  fail(key, fmt::format("needs a whole number from 1 to {}", max));
  return 0;
}

const toml::node* TomlTable::find(const std::string& key, const std::string& what_to_do) {
  const toml::node* node = table_.get(key);
  if (node == nullptr) errors_.add(table_, prefix_ + key, "is missing; " + what_to_do);
  return node;
}

void TomlTable::fail(const std::string& key, const std::string& what) {
  const toml::node* node = table_.get(key);
  errors_.add(node == nullptr ? table_ : *node, prefix_ + key, what);
}

Error toml_syntax_error(const toml::parse_error& error, const std::string& source,
                        Error::Kind kind) {
  return {kind, fmt::format("{}:{}: {}", to_printable(source, true), error.source().begin.line,
                            to_printable(error.description(), true))};
}

}  // namespace evalrun
