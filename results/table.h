// Plain text that lines up: tables and wrapped paragraphs for a terminal. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace evalrun {

struct Column {
  std::string heading;
  bool right_aligned = true;  // numbers; names are left aligned
};

// A table of text cells, two spaces between columns, a rule under the heading, no space at line
// ends. Widths are counted in code points: cells hold printable text without newlines (see
// to_printable) and no double-width characters.
class Table {
 public:
  explicit Table(std::vector<Column> columns);
  void add(std::vector<std::string> cells);  // as many as there are columns
  int width() const;                         // of the widest possible line, in columns
  std::string text() const;                  // each line ends in a newline
  // The same table with only the columns of these indices, in this order.
  Table select(const std::vector<std::size_t>& columns) const;

 private:
  std::vector<std::size_t> widths() const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Breaks at spaces so that no line is longer than `width`, except for a single longer word. The
// first line begins with `first`, the others with as many spaces. Ends in a newline.
std::string wrapped(std::string_view text, int width, std::string_view first = "");

}  // namespace evalrun
