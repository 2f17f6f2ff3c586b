// How LiveCodeBench asks different families of models. The structure of each style (which text is
// the system message, what stands in the user's turn, where the starter code goes, what encloses
// the program) is that of the official lcb_runner/lm_styles.py and prompts/*.py at 28fef95; the
// words are ours (tasks/prompts/*/lcb.*.txt), so that official wording can be put in their place
// with --prompts. Chat markup such as <|im_start|> is the target's business and not part of a
// style.
#pragma once

#include <span>
#include <string_view>

#include "harness/core/result.h"
#include "harness/core/types.h"

namespace evalrun {

enum class LcbSystem {
  message,  // a system message of its own
  turn,     // in the user's turn, an empty line before the task
  line,     // in the user's turn, on the line before the task
  none,
};

struct LcbStyle {
  std::string_view name;      // --lcb-style
  std::string_view official;  // the LMStyles of this structure, for people
  LcbSystem system = LcbSystem::message;
  std::string_view system_name;  // prompt of the system text for writing code; "" = none
  // Prompt of the user's turn for writing code; one_shot: before ".stdin" or ".starter".
  std::string_view code_name;
  bool asks_for_main = false;  // a program from stdin is to define main() and call it
  bool one_shot = false;       // a worked example before the task, no instruction: base models
  bool trims_end = false;      // no white space at the end of the user's turn
  CodeFence fence =
      CodeFence::backticks;  // around the program; `none` = all of the text is program
};

// In the order in which they are listed; the first is the default of LcbOptions.
std::span<const LcbStyle> lcb_prompt_styles();

// Error: a wrong name, with the nearest right one.
Result<const LcbStyle*> find_lcb_style(std::string_view name);

}  // namespace evalrun
