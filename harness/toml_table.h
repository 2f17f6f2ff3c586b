// Reads the tables of a TOML file that a person wrote: each mistake is one line that says file,
// line, key and what to do. The first one of a file stays.
#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

class TomlErrors {
 public:
  // `source` is what errors call the file; it outlives this.
  explicit TomlErrors(const std::string& source) : source_(source) {}

  // "SOURCE:LINE: KEY: WHAT".
  void add(const toml::node& at, std::string_view key, std::string_view what);
  bool empty() const { return message_.empty(); }
  Status status(Error::Kind kind) const;  // the first one

 private:
  const std::string& source_;
  std::string message_;
};

struct TomlNumber {
  const char* what = "a number";  // after "needs"
  double min = 0;
  bool is_or_0 = false;  // 0 too, though it is less
  double max = std::numeric_limits<double>::max();
  bool is_whole = false;
};

// One table. After a mistake every read gives an empty value.
class TomlTable {
 public:
  // `prefix` stands before its keys in errors: "cores." for the table of a figure.
  TomlTable(const toml::table& table, TomlErrors& errors, std::string prefix = "")
      : table_(table), errors_(errors), prefix_(std::move(prefix)) {}

  // Before anything else: a misspelt key is more useful to hear of than the one it should have
  // been.
  void expect_only(const std::vector<std::string>& known);
  bool has(const std::string& key) const { return table_.contains(key); }

  // Not empty and not blank. `what`: "the name it is called by".
  std::string text(const std::string& key, const char* what);
  std::string one_of(const std::string& key, const std::vector<std::string>& words);
  bool boolean(const std::string& key);
  double number(const std::string& key, const TomlNumber& range);
  std::int64_t count(const std::string& key, std::int64_t max);  // from 1
  // The node of that key, or nullptr and "is missing; WHAT_TO_DO".
  const toml::node* find(const std::string& key, const std::string& what_to_do);
  void fail(const std::string& key, const std::string& what);  // at its node, or at the table

 private:
  const toml::table& table_;
  TomlErrors& errors_;
  const std::string prefix_;
};

// `read(table, errors)` of the whole text; of its errors, or the parser's, the first one.
template <typename T>
Result<T> parse_toml(std::string_view text, const std::string& source, Error::Kind kind,
                     T (*read)(const toml::table&, TomlErrors&));

// The parser's own error, as above.
Error toml_syntax_error(const toml::parse_error& error, const std::string& source,
                        Error::Kind kind);

template <typename T>
Result<T> parse_toml(std::string_view text, const std::string& source, Error::Kind kind,
                     T (*read)(const toml::table&, TomlErrors&)) {
  try {
    TomlErrors errors(source);
    const toml::table table = toml::parse(text, source);
    T value = read(table, errors);
    if (!errors.empty()) return std::unexpected(errors.status(kind).error());
    return value;
  } catch (const toml::parse_error& error) {
    return std::unexpected(toml_syntax_error(error, source, kind));
  }
}

}  // namespace evalrun
