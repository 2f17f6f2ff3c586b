#include "harness/claims_ledger.h"

#include <fmt/core.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>

#include "harness/core/check.h"
#include "harness/core/resources.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr const char* kBuiltIn = "harness/claims.toml";

// Reads one table; the first error of the file stays.
class LedgerReader {
 public:
  explicit LedgerReader(const std::string& source) : source_(source) {}

  void fail(const toml::node& at, std::string_view key, std::string_view what) {
    if (!error_.empty()) return;
    const auto line = std::max<toml::source_index>(1, at.source().begin.line);
    error_ = fmt::format("{}:{}: {}: {}", to_printable(source_, true), line,
                         to_printable(key.substr(0, 60), true), what);
  }

  void expect_only(const toml::table& table, std::initializer_list<std::string> keys) {
    const std::vector<std::string> known(keys);
    for (const auto& [key, node] : table)
      if (std::ranges::find(known, key.str()) == known.end())
        fail(node, key.str(), "unknown key" + did_you_mean(key.str(), known) + "; take it out");
  }

  std::string text(const toml::table& table, const char* key) {
    const toml::node* node = table.get(key);
    const auto* value = node == nullptr ? nullptr : node->as_string();
    if (value != nullptr && !strip(value->get()).empty()) return value->get();
    fail(node == nullptr ? table : *node, key, "needs words, in quotes");
    return "";
  }

  double number(const toml::table& table, const char* key) {
    const toml::node* node = table.get(key);
    const std::optional<double> value =
        node != nullptr && node->is_number() ? node->value<double>() : std::nullopt;
    if (value && std::isfinite(*value) && *value >= 0) return *value;
    fail(node == nullptr ? table : *node, key, "needs a number from 0");
    return 0;
  }

  Status done() const { return error_.empty() ? Status() : input_error(error_); }

 private:
  const std::string& source_;
  std::string error_;
};

ClaimInput read_input(LedgerReader& in, const toml::table& table) {
  in.expect_only(table, {"value", "unit", "what", "source", "status"});
  const ClaimInput input{.value = in.number(table, "value"),
                         .unit = in.text(table, "unit"),
                         .what = in.text(table, "what"),
                         .source = in.text(table, "source"),
                         .status = in.text(table, "status")};
  if (input.status != "published" && input.status != "derived" && input.status != "assumed")
    in.fail(table, "status", "needs \"published\", \"derived\" or \"assumed\"");
  return input;
}

ClaimWords read_claim(LedgerReader& in, const toml::table& table) {
  in.expect_only(table, {"name", "title", "words", "rule", "command"});
  return {.name = in.text(table, "name"),
          .title = in.text(table, "title"),
          .words = in.text(table, "words"),
          .rule = in.text(table, "rule"),
          .command = in.text(table, "command")};
}

void read_claims(LedgerReader& in, const toml::node& node, ClaimLedger& ledger) {
  const toml::array* list = node.as_array();
  if (list == nullptr || !list->is_array_of_tables())
    return in.fail(node, "claim", "needs [[claim]] tables");
  for (const toml::node& item : *list) {
    ClaimWords words = read_claim(in, *item.as_table());
    if (std::ranges::any_of(ledger.claims, [&](const auto& c) { return c.name == words.name; }))
      in.fail(item, "name", fmt::format("\"{}\" comes twice", to_printable(words.name, true)));
    ledger.claims.push_back(std::move(words));
  }
}

void read_inputs(LedgerReader& in, const toml::node& node, ClaimLedger& ledger) {
  const toml::table* inputs = node.as_table();
  if (inputs == nullptr) return in.fail(node, "input", "needs a table [input]");
  for (const auto& [name, input] : *inputs) {
    if (!input.is_table())
      in.fail(input, name.str(), "needs the form {value = ..., unit = ..., what = ..., ...}");
    else
      ledger.inputs.emplace(std::string(name.str()), read_input(in, *input.as_table()));
  }
}

}  // namespace

Result<ClaimLedger> parse_claim_ledger(std::string_view toml, const std::string& source) {
  try {
    const toml::table file = toml::parse(toml, source);
    LedgerReader in(source);
    ClaimLedger ledger;
    in.expect_only(file, {"input", "claim"});
    if (const toml::node* inputs = file.get("input")) read_inputs(in, *inputs, ledger);
    if (const toml::node* claims = file.get("claim")) read_claims(in, *claims, ledger);
    if (Status status = in.done(); !status) return std::unexpected(status.error());
    return ledger;
  } catch (const toml::parse_error& error) {
    return input_error(fmt::format("{}:{}: {}", to_printable(source, true),
                                   error.source().begin.line,
                                   to_printable(error.description(), true)));
  }
}

Result<ClaimLedger> load_claim_ledger() {
  const auto text = find_resource(kBuiltIn);
  EVALRUN_CHECK_WHY(text.has_value(), "the ledger of claims is not built in");
  return parse_claim_ledger(*text, kBuiltIn);
}

}  // namespace evalrun
