#include "tasks/json_span.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace evalrun {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool take(char wanted) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }

  Result<std::string_view> string() {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != '"') return wrong("a string");
    const std::size_t begin = at_++;
    while (at_ < text_.size()) {
      const void* found = std::memchr(text_.data() + at_, '"', text_.size() - at_);
      if (found == nullptr) break;
      const auto quote = std::size_t(static_cast<const char*>(found) - text_.data());
      std::size_t slashes = 0;  // the opening quote ends this count at the latest
      while (text_[quote - 1 - slashes] == '\\') ++slashes;
      at_ = quote + 1;
      if (slashes % 2 == 0) return text_.substr(begin, at_ - begin);
    }
    at_ = text_.size();
    return wrong("the end of a string");
  }

  Result<std::string_view> value() {
    skip_space();
    const char first = at_ < text_.size() ? text_[at_] : '\0';
    if (first == '"') return string();
    if (first == '{' || first == '[') return nested();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_scalar(text_[at_])) ++at_;
    if (at_ == begin) return wrong("a value");
    return text_.substr(begin, at_ - begin);
  }

  std::unexpected<Error> wrong(const std::string& expected) const {
    return input_error("byte " + std::to_string(at_ + 1) + ": expected " + expected);
  }

 private:
  static bool is_scalar(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
           c == '-' || c == '.';
  }

  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  // From an opening bracket to the one that closes it.
  Result<std::string_view> nested() {
    const std::size_t begin = at_;
    std::string closers;
    do {
      at_ = std::min(text_.find_first_of("\"[]{}", at_), text_.size());
      if (at_ == text_.size()) return wrong("a closing bracket");
      const char c = text_[at_];
      if (c == '"') {
        if (auto skipped = string(); !skipped) return skipped;
        continue;
      }
      if (c == '[' || c == '{') {
        closers += c == '[' ? ']' : '}';
      } else {
        if (c != closers.back()) return wrong(std::string(1, closers.back()));
        closers.pop_back();
      }
      ++at_;
    } while (!closers.empty());
    return text_.substr(begin, at_ - begin);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<JsonMember>> scan_json_object(std::string_view text) {
  Scanner scan(text);
  std::vector<JsonMember> members;
  if (!scan.take('{')) return scan.wrong("a JSON object");
  if (!scan.take('}')) {
    do {
      const auto key = scan.string();
      if (!key) return std::unexpected(key.error());
      if (!scan.take(':')) return scan.wrong("a colon");
      const auto value = scan.value();
      if (!value) return std::unexpected(value.error());
      members.push_back({key->substr(1, key->size() - 2), *value});
    } while (scan.take(','));
    if (!scan.take('}')) return scan.wrong("a comma or }");
  }
  if (!scan.at_end()) return scan.wrong("nothing after the object");
  return members;
}

Result<std::vector<std::string_view>> scan_json_array(std::string_view text) {
  Scanner scan(text);
  std::vector<std::string_view> elements;
  if (!scan.take('[')) return scan.wrong("a JSON array");
  if (!scan.take(']')) {
    do {
      const auto value = scan.value();
      if (!value) return std::unexpected(value.error());
      elements.push_back(*value);
    } while (scan.take(','));
    if (!scan.take(']')) return scan.wrong("a comma or ]");
  }
  if (!scan.at_end()) return scan.wrong("nothing after the array");
  return elements;
}

}  // namespace evalrun
