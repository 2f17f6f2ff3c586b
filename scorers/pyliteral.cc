// A recursive-descent parser that reads tokens straight from the text. Brackets are the only
// recursion; inside them newlines are blanks, as in Python's tokenizer (depth_ > 0).
#include "scorers/pyliteral.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "harness/core/text.h"
#include "scorers/pytoken.h"

namespace evalrun {
namespace {

using Kind = PyValue::Kind;

constexpr std::array<std::string_view, 35> kKeywords = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

class Parser {
 public:
  explicit Parser(std::string_view text, std::size_t max_bytes = kMaxLiteralBytes)
      : text_(text), max_bytes_(max_bytes) {}

  Result<PyValue> literal();
  Result<std::vector<PyArgument>> arguments();

 private:
  // Each parsing function returns false once error_ is set.
  bool normalise();
  bool skip_leading_lines();
  bool skip_blanks();
  bool top_level(PyValue& out);
  bool value(PyValue& out);
  bool signed_number(PyValue& out);
  bool number(PyValue& out);
  bool strings(PyValue& out);
  bool name(PyValue& out);
  bool bracketed(PyValue& out);
  bool round(PyValue& out);
  bool square(PyValue& out);
  bool curly(PyValue& out);
  bool items(char close, std::vector<PyValue>& out, bool& has_comma);
  bool argument(std::vector<PyArgument>& out);
  bool at_end_of_statement();

  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  std::string_view identifier() const;
  bool fail_with(std::string why);
  bool take(Result<PyValue> result, PyValue& out);
  std::unexpected<Error> failure() const {
    return input_error(fmt::format("byte {}: {}", std::min(at_, source_.size()), error_));
  }

  std::string_view text_;
  std::size_t max_bytes_;
  std::string source_;  // text_ with \n alone as the end of a line
  std::size_t at_ = 0;
  int depth_ = 0;                // open brackets
  bool is_bare_number_ = false;  // was the last value a number without sign? only that takes a sign
  std::string error_;
};

bool Parser::fail_with(std::string why) {
  if (error_.empty()) error_ = std::move(why);
  return false;
}

bool Parser::take(Result<PyValue> result, PyValue& out) {
  if (!result) return fail_with(std::move(result.error().message));
  out = std::move(*result);
  return true;
}

bool Parser::normalise() {
  if (text_.size() > max_bytes_) return fail_with(fmt::format("longer than {} bytes", max_bytes_));
  if (text_.contains('\0')) return fail_with("Python source cannot contain null bytes");
  if (to_valid_utf8(text_) != text_) return fail_with("not valid UTF-8");
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] != '\r') {
      source_ += text_[i];
    } else if (i + 1 >= text_.size() || text_[i + 1] != '\n') {
      source_ += '\n';
    }
  }
  return true;
}

// Blanks and comments before the next token; line ends too while a bracket is open.
bool Parser::skip_blanks() {
  for (;;) {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\f' || (c == '\n' && depth_ > 0)) {
      ++at_;
    } else if (c == '#') {
      at_ = std::min(source_.find('\n', at_), source_.size());
    } else if (c == '\\' && peek(1) == '\n') {
      at_ += 2;
      if (at_ == source_.size()) return fail_with("unexpected end after line continuation");
    } else {
      return true;
    }
  }
}

// Empty and comment lines before the value, which may not be indented behind one.
bool Parser::skip_leading_lines() {
  at_ = std::min(source_.find_first_not_of(" \t"), source_.size());  // literal_eval allows these
  bool is_indented = false;
  for (;;) {
    const std::size_t before = at_;
    if (!skip_blanks()) return false;
    for (std::size_t i = before; i < at_ && source_[i] != '#'; ++i) {
      is_indented = source_[i] == ' ' || source_[i] == '\t' || (is_indented && source_[i] != '\f');
    }
    if (peek() != '\n') break;
    ++at_;
    is_indented = false;
  }
  return is_indented ? fail_with("unexpected indent") : true;
}

bool Parser::at_end_of_statement() {
  for (;;) {
    if (!skip_blanks()) return false;
    if (at_ == source_.size()) return true;
    if (peek() != '\n') return fail_with("more than a literal");
    ++at_;
  }
}

std::string_view Parser::identifier() const {
  std::size_t end = at_;
  while (end < source_.size() && is_identifier_char(source_[end])) ++end;
  return std::string_view(source_).substr(at_, end - at_);
}

bool Parser::top_level(PyValue& out) {
  std::vector<PyValue> values;
  bool has_comma = false;
  do {
    if (!values.empty() && (at_ == source_.size() || peek() == '\n')) break;  // after a last comma
    if (!value(values.emplace_back()) || !skip_blanks()) return false;
    if (peek() != ',') break;
    has_comma = true;
    ++at_;
  } while (skip_blanks());
  if (!error_.empty()) return false;
  out = has_comma ? PyValue{.kind = Kind::tuple, .items = std::move(values)} : std::move(values[0]);
  return true;
}

bool Parser::value(PyValue& out) {
  if (!skip_blanks()) return false;
  is_bare_number_ = false;
  const char c = peek();
  if (c == '-' || c == '+') return signed_number(out);
  if ((c >= '0' && c <= '9') || (c == '.' && peek(1) >= '0' && peek(1) <= '9')) return number(out);
  if (c == '(' || c == '[' || c == '{') return bracketed(out);
  if (starts_string(source_, at_)) return strings(out);
  if (source_.compare(at_, 3, "...") == 0) {
    at_ += 3;
    out.kind = Kind::ellipsis;
    return true;
  }
  return name(out);
}

bool Parser::number(PyValue& out) {
  if (!take(parse_number(source_, at_), out)) return false;
  is_bare_number_ = true;
  return true;
}

bool Parser::signed_number(PyValue& out) {
  const bool is_negative = peek() == '-';
  ++at_;
  if (!skip_blanks()) return false;
  if (peek() == '-' || peek() == '+') return fail_with("more than one sign");
  if (!value(out)) return false;
  if (!is_bare_number_) return fail_with("a sign stands only before a number");
  is_bare_number_ = false;
  if (!is_negative) return true;
  if (out.kind == Kind::real) out.number = -out.number;
  if (out.kind == Kind::integer && out.text != "0") out.text.insert(0, 1, '-');
  return true;
}

bool Parser::strings(PyValue& out) {
  if (!take(parse_string(source_, at_), out) || !skip_blanks()) return false;
  while (starts_string(source_, at_)) {
    PyValue next;
    if (!take(parse_string(source_, at_), next)) return false;
    if (next.kind != out.kind) return fail_with("cannot mix bytes and nonbytes literals");
    out.text += next.text;
    if (!skip_blanks()) return false;
  }
  return true;
}

bool Parser::name(PyValue& out) {
  const std::string_view word = identifier();
  if (word.empty()) return fail_with(at_ == source_.size() ? "unexpected end" : "not a literal");
  if (word == "True" || word == "False") {
    out.kind = Kind::boolean;
    out.truth = word == "True";
  } else if (word == "None") {
    out.kind = Kind::none;
  } else if (word == "set") {
    at_ += word.size();
    out.kind = Kind::set;
    if (!skip_blanks()) return false;
    if (peek() != '(') return fail_with("a name is not a literal");
    ++depth_, ++at_;
    if (!skip_blanks()) return false;
    if (peek() != ')') return fail_with("a call is not a literal");
    --depth_, ++at_;
    return true;
  } else {
    return fail_with("a name is not a literal");
  }
  at_ += word.size();
  return true;
}

bool Parser::bracketed(PyValue& out) {
  const char open = peek();
  if (depth_ >= kMaxLiteralDepth) return fail_with("too many nested brackets");
  ++depth_, ++at_;
  if (!(open == '(' ? round(out) : open == '[' ? square(out) : curly(out))) return false;
  --depth_, ++at_;  // the closing bracket
  return true;
}

// Values up to `close`, which is left standing.
bool Parser::items(char close, std::vector<PyValue>& out, bool& has_comma) {
  if (!skip_blanks()) return false;
  while (peek() != close) {
    if (!value(out.emplace_back()) || !skip_blanks()) return false;
    if (peek() == close) break;
    if (peek() != ',') return fail_with("expected a comma or a closing bracket");
    has_comma = true;
    ++at_;
    if (!skip_blanks()) return false;
  }
  return true;
}

bool Parser::round(PyValue& out) {
  std::vector<PyValue> values;
  bool has_comma = false;
  if (!items(')', values, has_comma)) return false;
  if (values.size() == 1 && !has_comma) {
    out = std::move(values[0]);  // parentheses vanish; is_bare_number_ stays
    return true;
  }
  out = PyValue{.kind = Kind::tuple, .items = std::move(values)};
  is_bare_number_ = false;
  return true;
}

bool Parser::square(PyValue& out) {
  bool has_comma = false;
  out.kind = Kind::list;
  if (!items(']', out.items, has_comma)) return false;
  is_bare_number_ = false;
  return true;
}

bool Parser::curly(PyValue& out) {
  std::vector<PyValue> parts;
  bool is_dict = true;
  if (!skip_blanks()) return false;
  while (peek() != '}') {
    if (!value(parts.emplace_back()) || !skip_blanks()) return false;
    if (parts.size() == 1) is_dict = peek() == ':';
    if ((peek() == ':') != is_dict) return fail_with("a set and a dict mixed");
    if (is_dict) {
      ++at_;
      if (!value(parts.emplace_back()) || !skip_blanks()) return false;
    }
    if (peek() == '}') break;
    if (peek() != ',') return fail_with("expected a comma or a closing bracket");
    ++at_;
    if (!skip_blanks()) return false;
  }
  is_bare_number_ = false;
  return take(is_dict ? make_dict(std::move(parts)) : make_set(std::move(parts)), out);
}

bool Parser::argument(std::vector<PyArgument>& out) {
  PyArgument argument;
  const std::size_t begin = at_;
  const std::string_view word = identifier();
  at_ += word.size();
  if (!skip_blanks()) return false;
  const bool is_name = !word.empty() && (word[0] < '0' || word[0] > '9');
  if (is_name && peek() == '=' && peek(1) != '=') {
    ++at_;
    if (is_keyword(word)) return fail_with("a keyword names no argument");
    if (std::ranges::any_of(word, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
      return fail_with("argument names beyond ASCII are not supported");
    }
    for (const PyArgument& other : out) {
      if (other.name == word) return fail_with("keyword argument repeated");
    }
    argument.name = word;
  } else {
    at_ = begin;
    if (!out.empty() && !out.back().name.empty()) return fail_with("positional after keyword");
  }
  if (!value(argument.value)) return false;
  out.push_back(std::move(argument));
  return skip_blanks();
}

Result<PyValue> Parser::literal() {
  PyValue out;
  if (!normalise() || !skip_leading_lines() || !top_level(out) || !at_end_of_statement()) {
    return failure();
  }
  return out;
}

Result<std::vector<PyArgument>> Parser::arguments() {
  std::vector<PyArgument> out;
  depth_ = 1;  // the call's own parentheses
  if (!normalise() || !skip_blanks()) return failure();
  while (at_ < source_.size()) {
    if (!argument(out)) return failure();
    if (at_ == source_.size()) break;
    if (peek() != ',') return fail_with("expected a comma or the end"), failure();
    ++at_;
    if (!skip_blanks()) return failure();
  }
  return out;
}

}  // namespace

Result<PyValue> parse_literal(std::string_view text, std::size_t max_bytes) {
  return Parser(text, max_bytes).literal();
}

bool is_keyword(std::string_view word) {
  return std::ranges::find(kKeywords, word) != kKeywords.end();
}

Result<std::vector<PyArgument>> parse_call_arguments(std::string_view text) {
  return Parser(text).arguments();
}

std::string to_source(std::span<const PyArgument> arguments) {
  std::string out;
  for (const PyArgument& argument : arguments) {
    if (!out.empty()) out += ", ";
    if (!argument.name.empty()) out += argument.name + "=";
    out += to_source(argument.value);
  }
  return out;
}

}  // namespace evalrun
