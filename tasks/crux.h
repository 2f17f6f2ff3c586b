// CRUXEval (Gu et al., 2024): short Python functions; predict the output of a call (crux-o), or
// find arguments that give an output (crux-i). crux-mini: small problems of our own in the same
// format, built into the binary.
//
// The file: one JSON object a line with the string fields code, input, output, id. `input` is the
// argument list of f without its parentheses; `input` and `output` are Python source.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "tasks/suite.h"

namespace evalrun {

// SHA-256 of the official file: 800 problems, no newline at its end.
inline constexpr std::string_view kCruxSha256 =
    "8368b81047dc5014e4caf5a2f97604eff7644e0ecd7415e3ceeb184bbc2e0c96";

struct CruxRow {
  std::string code;    // Python source that defines f
  std::string input;   // arguments of f
  std::string output;  // Python source of the value of f(input)
  std::string id;      // letters, digits, '.', '_', '-'; unique in its file
  bool operator==(const CruxRow&) const = default;
};

// All rows, or one error "FILE:LINE: key: what is wrong"; `file` is only for that. Fields other
// than the four are ignored.
Result<std::vector<CruxRow>> parse_crux(std::string_view bytes, std::string_view file);

// Where the CRUXEval file is: options.data_file (existing or not), else the first that exists of
// data_dir/cruxeval/cruxeval.jsonl and cache_dir/cruxeval.jsonl. nullopt = nowhere: a caller may
// then fall back to crux-mini; a file that is found and bad is never a reason to.
std::optional<std::string> find_crux_file(const SuiteOptions& options);

// What a literal is, by its first character: str bytes list dict set tuple bool None float int, or
// "other".
std::string_view literal_kind(std::string_view source);

// The file must be the official one (kCruxSha256), unless options.data_file names it.
Result<Suite> load_crux_output(const SuiteOptions& options);
Result<Suite> load_crux_input(const SuiteOptions& options);
Result<Suite> load_crux_mini_output(const SuiteOptions& options);
Result<Suite> load_crux_mini_input(const SuiteOptions& options);

// Prompt names of both halves.
std::span<const std::string_view> crux_prompt_names();

}  // namespace evalrun
