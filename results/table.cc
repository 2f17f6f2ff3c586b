#include "results/table.h"

#include <algorithm>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

// Code points of well-formed UTF-8: every byte but the continuation bytes.
std::size_t length(std::string_view utf8) {
  return std::size_t(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string padded(const std::string& cell, std::size_t width, bool right_aligned) {
  const std::string space(width - std::min(width, length(cell)), ' ');
  return right_aligned ? space + cell : cell + space;
}

std::string without_trailing_space(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::add(std::vector<std::string> cells) {
  CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = length(columns_[i].heading);
    for (const auto& row : rows_) width = std::max(width, length(row[i]));
    widths.push_back(width);
  }
  return widths;
}

int Table::width() const {
  std::size_t sum = columns_.empty() ? 0 : 2 * (columns_.size() - 1);
  for (const std::size_t width : widths()) sum += width;
  return int(sum);
}

std::string Table::text() const {
  const std::vector<std::size_t> all = widths();
  const auto line = [&](const auto& cell) {
    std::string out;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      out += (i == 0 ? "" : "  ") + padded(cell(i), all[i], columns_[i].right_aligned);
    return without_trailing_space(std::move(out)) + "\n";
  };
  std::string out = line([&](std::size_t i) { return columns_[i].heading; });
  out += line([&](std::size_t i) { return std::string(all[i], '-'); });
  for (const auto& row : rows_) out += line([&](std::size_t i) { return row[i]; });
  return out;
}

Table Table::select(const std::vector<std::size_t>& columns) const {
  std::vector<Column> kept;
  for (const std::size_t i : columns) kept.push_back(columns_[i]);
  Table table(std::move(kept));
  for (const auto& row : rows_) {
    std::vector<std::string> cells;
    for (const std::size_t i : columns) cells.push_back(row[i]);
    table.add(std::move(cells));
  }
  return table;
}

std::string wrapped(std::string_view text, int width, std::string_view first) {
  const std::string indent(length(first), ' ');
  std::string out;
  std::string line(first);
  std::size_t line_length = length(first);
  bool line_is_empty = true;
  for (const std::string_view word : split(text, ' ')) {
    if (!line_is_empty && line_length + 1 + length(word) > std::size_t(std::max(width, 0))) {
      out += line + "\n";
      line = indent;
      line_length = indent.size();
      line_is_empty = true;
    }
    if (!line_is_empty) line += ' ';
    line_length += length(word) + (line_is_empty ? 0 : 1);
    line += word;
    line_is_empty = false;
  }
  return out + without_trailing_space(std::move(line)) + "\n";
}

}  // namespace evalrun
