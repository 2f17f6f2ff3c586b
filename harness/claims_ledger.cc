#include "harness/claims_ledger.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/core/check.h"
#include "harness/core/resources.h"
#include "harness/core/text.h"
#include "harness/toml_table.h"

namespace evalrun {
namespace {

constexpr const char* kBuiltIn = "harness/claims.toml";

ClaimInput read_input(const toml::table& table, TomlErrors& errors) {
  TomlTable in(table, errors);
  in.expect_only({"value", "unit", "what", "source", "status"});
  return {.value = in.number("value", {}),
          .unit = in.text("unit", "words"),
          .what = in.text("what", "words"),
          .source = in.text("source", "words"),
          .status = in.one_of("status", {"published", "derived", "assumed"})};
}

ClaimWords read_claim(const toml::table& table, TomlErrors& errors) {
  TomlTable in(table, errors);
  in.expect_only({"name", "title", "words", "rule", "command"});
  return {.name = in.text("name", "words"),
          .title = in.text("title", "words"),
          .words = in.text("words", "words"),
          .rule = in.text("rule", "words"),
          .command = in.text("command", "words")};
}

void read_claims(TomlErrors& errors, const toml::node& node, ClaimLedger& ledger) {
  const toml::array* list = node.as_array();
  if (list == nullptr || !list->is_array_of_tables())
    return errors.add(node, "claim", "needs [[claim]] tables");
  for (const toml::node& item : *list) {
    ClaimWords words = read_claim(*item.as_table(), errors);
    if (std::ranges::any_of(ledger.claims, [&](const auto& c) { return c.name == words.name; }))
      errors.add(item, "name", fmt::format("\"{}\" comes twice", to_printable(words.name, true)));
    ledger.claims.push_back(std::move(words));
  }
}

void read_inputs(TomlErrors& errors, const toml::node& node, ClaimLedger& ledger) {
  const toml::table* inputs = node.as_table();
  if (inputs == nullptr) return errors.add(node, "input", "needs a table [input]");
  for (const auto& [name, input] : *inputs) {
    if (!input.is_table())
      errors.add(input, name.str(), "needs the form {value = ..., unit = ..., what = ..., ...}");
    else
      ledger.inputs.emplace(std::string(name.str()), read_input(*input.as_table(), errors));
  }
}

ClaimLedger read_ledger(const toml::table& file, TomlErrors& errors) {
  ClaimLedger ledger;
  TomlTable(file, errors).expect_only({"input", "claim"});
  if (const toml::node* inputs = file.get("input")) read_inputs(errors, *inputs, ledger);
  if (const toml::node* claims = file.get("claim")) read_claims(errors, *claims, ledger);
  return ledger;
}

}  // namespace

Result<ClaimLedger> parse_claim_ledger(std::string_view toml, const std::string& source) {
  return parse_toml<ClaimLedger>(toml, source, Error::Kind::input, read_ledger);
}

Result<ClaimLedger> load_claim_ledger() {
  const auto text = find_resource(kBuiltIn);
  EVALRUN_CHECK_WHY(text.has_value(), "the ledger of claims is not built in");
  return parse_claim_ledger(*text, kBuiltIn);
}

}  // namespace evalrun
