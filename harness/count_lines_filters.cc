#include "harness/count_lines_filters.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/core/text.h"

namespace evalrun {

using Lines = std::vector<std::string>;  // with their newline, until a filter has joined them
using Filter = Lines (*)(Lines);         // takes comments out

struct LineLanguage {
  std::string_view name;
  std::string_view extensions;  // between spaces, as all lists here
  std::string_view file_names;
  std::string_view programs;  // after "#!"; a language that has some keeps its first "#!" line
  bool has_continuation = false;
  std::vector<Filter> filters;
};

namespace {

constexpr std::string_view kSpace = " \t\n\r\f\v";
constexpr std::string_view kHtmlOpen = "<!--", kHtmlClose = "-->";

bool is_blank(std::string_view line) { return line.find_first_not_of(kSpace) == line.npos; }

bool is_continued(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  return line.ends_with('\\');
}

template <typename Drop>
Lines without(Lines lines, Drop drop) {
  std::erase_if(lines, drop);
  return lines;
}

Lines without_blank(const LineLanguage& language, Lines lines) {
  Lines out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_kept = i > 0 && language.has_continuation && is_continued(lines[i - 1]);
    if (!is_blank(lines[i]) || is_kept) out.push_back(lines[i]);
  }
  return out;
}

template <char first, char second = '\0'>
Lines drop_marked(Lines lines) {
  return without(std::move(lines), [](const std::string& line) {
    const std::size_t at = line.find_first_not_of(kSpace);
    return at != line.npos && line[at] == first &&
           (second == '\0' || (at + 1 < line.size() && line[at + 1] == second));
  });
}
Lines drop_star_at_begin(Lines lines) {
  return without(std::move(lines), [](const std::string& line) { return line.starts_with('*'); });
}
Lines drop_with_open(Lines lines) {
  return without(std::move(lines), [](const auto& line) { return line.find("/*") != line.npos; });
}
Lines drop_with_close(Lines lines) {
  return without(std::move(lines), [](const auto& line) { return line.find("*/") != line.npos; });
}

// As Perl's split: empty lines at the end are not there.
Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

// Takes out "/*" to "*/" and, if asked, "//" to the newline with it; nothing knows of strings.
std::string without_comments(std::string_view text, bool has_line_comments) {
  std::string out;
  bool may_close = true;  // a "*/" is still ahead
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view mark = text.substr(at, 2);
    std::size_t end = text.npos;
    if (mark == "/*" && may_close) {
      end = text.find("*/", at + 2);
      may_close = end != text.npos;
      if (may_close) end += 2;
    } else if (mark == "//" && has_line_comments) {
      end = text.find('\n', at + 2);
      if (end != text.npos) ++end;
    }
    if (end == text.npos)
      out += text[at++];
    else
      at = end;
  }
  return out;
}

Lines drop_c_comments(Lines lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return split_lines(without_comments(text, false));
}

Lines drop_cpp_comments(Lines lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line;
    if (!is_continued(line)) text += '\n';
  }
  return split_lines(without_comments(text, true));
}

// Python's triple quotes become "/*" and "*/" in turn.
Lines mark_docstrings(Lines lines) {
  bool is_inside = false;
  for (std::string& line : lines) {
    std::string out;
    std::string_view rest = line;
    while (true) {
      const std::size_t at = std::min(rest.find("\"\"\""), rest.find("'''"));
      if (at == rest.npos) break;
      const bool has_prefix = !is_inside && at > 0 && (rest[at - 1] == 'u' || rest[at - 1] == 'U');
      out.append(rest.substr(0, at - (has_prefix ? 1 : 0)));
      out += is_inside ? "*/" : "/*";
      is_inside = !is_inside;
      rest.remove_prefix(at + 3);
    }
    line = out.append(rest);
  }
  return lines;
}

// Every "<!-- ... -->" that opens and closes on the line.
std::string without_short_html(std::string_view line) {
  std::string out;
  while (true) {
    const std::size_t open = line.find(kHtmlOpen);
    const std::size_t close = open == line.npos ? line.npos : line.find(kHtmlClose, open + 4);
    if (close == line.npos) return out.append(line);
    out.append(line.substr(0, open));
    line.remove_prefix(close + 3);
  }
}

// `keeps_code`: what stands before an opening mark stays (Markdown), or goes (HTML).
Lines drop_between_html(Lines lines, bool keeps_code) {
  Lines out;
  bool is_inside = false;
  for (const std::string& original : lines) {
    std::string line = without_short_html(original);
    if (is_blank(line)) continue;
    if (is_inside) {
      const std::size_t close = line.find(kHtmlClose);
      if (close != line.npos) line.erase(0, close + 3), is_inside = false;
      if (is_inside && keeps_code) continue;
    }
    if (is_blank(line)) continue;
    const std::size_t open = line.find(kHtmlOpen);
    if (open != line.npos) {
      is_inside = true;
      line.erase(open);
    }
    if (is_blank(line) || (is_inside && !keeps_code)) continue;
    out.push_back(line);
  }
  return out;
}
Lines drop_html(Lines lines) { return drop_between_html(std::move(lines), false); }
Lines drop_markdown(Lines lines) { return drop_between_html(std::move(lines), true); }

const std::vector<LineLanguage>& languages() {
  static const std::vector<LineLanguage> all{
      {"C", "c cats ec idc pgc", "", "", true, {drop_cpp_comments}},
      {"C++", "C CPP c++ cc cpp cxx h++ inl ipp pcc tcc tpp", "", "", true, {drop_cpp_comments}},
      {"C/C++ Header", "H h hh hpp hxx", "", "", true, {drop_cpp_comments}},
      {"CUDA", "cu cuh", "", "", false, {drop_cpp_comments}},
      {"Python",
       "py py3 pyi pyw gyp gypi wscript",
       "",
       "python python2 python2.7 python3 python3.8",
       true,
       {drop_with_open, drop_with_close, drop_marked<'#'>, mark_docstrings, drop_c_comments}},
      {"Cython", "pxd pxi pyx", "", "", true, {drop_marked<'#'>, mark_docstrings, drop_c_comments}},
      {"Bourne Shell", "sh", "", "sh", true, {drop_marked<'#'>}},
      {"Bourne Again Shell", "bash", "", "bash", true, {drop_marked<'#'>}},
      {"make",
       "Gnumakefile Makefile am gnumakefile makefile mk",
       "Gnumakefile Makefile gnumakefile makefile",
       "make",
       true,
       {drop_marked<'#'>}},
      {"CMake",
       "cmake cmake.in CMakeLists.txt",
       "CMakeLists.txt cmakelists.txt",
       "",
       true,
       {drop_marked<'#'>}},
      {"HTML", "htm html html.hl xht", "", "", false, {drop_html}},
      {"Markdown", "md markdown mdown mdwn mdx mkd mkdn mkdown", "", "", false, {drop_markdown}},
      {"Assembly",
       "S a51 asm nasm s",
       "",
       "",
       true,
       {drop_marked<'#'>, drop_marked<';'>, drop_cpp_comments, drop_marked<'@'>, drop_marked<'|'>,
        drop_marked<'!'>, drop_marked<'-', '-'>, drop_star_at_begin}},
      {"JavaScript", "js mjs cjs jsm es6", "", "", true, {drop_cpp_comments}},
      {"CSS", "css", "", "", false, {drop_c_comments}},
      {"Go", "go", "", "", true, {drop_cpp_comments}},
      {"Rust", "rs rs.in", "", "", false, {drop_cpp_comments}},
      {"Protocol Buffers", "proto", "", "", false, {drop_cpp_comments}},
      {"JSON", "json jsonl", "", "", false, {}},
      {"TOML", "toml", "", "", false, {drop_marked<'#'>}},
      {"YAML", "yaml yml clang-format clang-tidy", "", "", false, {drop_marked<'#'>}},
      {"Dockerfile",
       "Dockerfile dockerfile",
       "Dockerfile dockerfile",
       "",
       false,
       {drop_marked<'#'>}},
      {"Text", "txt text", "", "", false, {}},
  };
  return all;
}

bool lists(std::string_view list, std::string_view word) {
  const auto words = split(list, ' ');
  return std::ranges::find(words, word) != words.end();
}

const LineLanguage* find(std::string_view LineLanguage::*list, std::string_view word) {
  if (word.empty()) return nullptr;
  for (const LineLanguage& language : languages())
    if (lists(language.*list, word)) return &language;
  return nullptr;
}

// "#!/usr/bin/env python3" -> "python3"
std::string_view program_of(std::string_view head) {
  if (!head.starts_with("#!")) return "";
  std::string_view line = strip(head.substr(2, std::min(head.find('\n'), head.size()) - 2));
  const auto word = [&] {
    const std::size_t end = std::min(line.find_first_of(kSpace), line.size());
    const std::string_view first = line.substr(0, end);
    line = strip(line.substr(end));
    return first;
  };
  std::string_view program = word();
  program.remove_prefix(program.rfind('/') + 1);
  return program == "env" && !line.empty() ? word() : program;
}

Lines lines_of(std::string_view text) {
  for (std::string_view mark : {"\xEF\xBB\xBF", "\xFE\xFF", "\xFF\xFE"})
    if (text.starts_with(mark)) text.remove_prefix(mark.size());
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(std::string(line) + '\n');
  }
  return lines;
}

}  // namespace

LineCount& LineCount::operator+=(const LineCount& other) {
  blank += other.blank, comment += other.comment, code += other.code;
  return *this;
}

std::string_view name(const LineLanguage& language) { return language.name; }

const LineLanguage* line_language(std::string_view file_name, std::string_view head) {
  if (file_name.ends_with('~')) return nullptr;
  if (const auto* language = find(&LineLanguage::file_names, file_name)) return language;
  std::size_t dots[3] = {};  // the last three
  std::size_t n = 0;
  for (std::size_t at = file_name.rfind('.'); at != file_name.npos && n < 3;
       at = at == 0 ? file_name.npos : file_name.rfind('.', at - 1))
    dots[n++] = at;
  for (; n > 0; --n)
    if (const auto* language = find(&LineLanguage::extensions, file_name.substr(dots[n - 1] + 1)))
      return language;
  if (file_name.ends_with(".in")) return nullptr;  // a template, cloc says, whatever its "#!"
  return find(&LineLanguage::programs, program_of(head));
}

LineCount count_text(const LineLanguage& language, std::string_view text) {
  Lines lines = lines_of(text);
  const long total = long(lines.size());
  lines = without_blank(language, std::move(lines));
  LineCount count{.blank = total - long(lines.size()), .comment = 0, .code = 0};
  const std::string first = lines.empty() ? "" : lines.front();
  for (const Filter filter : language.filters)
    lines = without_blank(language, filter(std::move(lines)));
  const auto trimmed = [](std::string_view line) { return line.substr(0, line.find('\n')); };
  const bool is_script = !language.programs.empty() && first.starts_with("#!");
  const bool was_dropped = is_script && (lines.empty() || trimmed(lines.front()) != trimmed(first));
  count.code = long(lines.size()) + (was_dropped ? 1 : 0);
  count.comment = total - count.blank - count.code;
  return count;
}

bool looks_binary(std::string_view text) {
  const std::string_view head = text.substr(0, 512);
  if (head.find('\0') != head.npos) return true;
  const std::size_t cut_max = head.size() < text.size() ? 3 : 0;  // a character cut in two
  for (std::size_t cut = 0; cut <= std::min(cut_max, head.size()); ++cut)
    if (const auto part = head.substr(0, head.size() - cut); to_valid_utf8(part) == part) {
      // UTF-8 counts as text unless it is plain ASCII, which is looked at below.
      if (std::ranges::any_of(part, [](char c) { return (c & 0x80) != 0; })) return false;
      break;
    }
  const auto odd = std::ranges::count_if(head, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_usual =
        (byte >= 0x20 && byte < 0x7f) || (byte >= 0x08 && byte <= 0x0d) || byte == 0x1b;
    return !is_usual;
  });
  return std::size_t(odd) * 3 > head.size();
}

}  // namespace evalrun
