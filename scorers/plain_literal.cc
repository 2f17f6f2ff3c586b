#include "scorers/plain_literal.h"

#include <algorithm>

#include "scorers/answer_text.h"
#include "scorers/pyliteral.h"

namespace evalrun {
namespace {

constexpr std::size_t kMaxBytes = 10'000;
constexpr int kMaxDepth = 50;

int depth(const PyValue& value) {
  int deepest = 0;
  for (const PyValue& item : value.items) deepest = std::max(deepest, depth(item));
  return deepest + 1;
}

}  // namespace

std::optional<PyValue> plain_literal(std::string_view text) {
  if (text.empty() || text.size() > kMaxBytes) return std::nullopt;
  // A carriage return ends a line too, and a backslash may join two.
  if (text.contains('\r') || text.contains("\\\n")) return std::nullopt;
  if (expression_end(text, 0, true) != text.size()) return std::nullopt;
  auto value = parse_literal(text);
  if (!value || depth(*value) > kMaxDepth) return std::nullopt;
  return std::move(*value);
}

}  // namespace evalrun
