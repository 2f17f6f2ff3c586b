// Finding one's way in a model's text: Python's strip, thinking tags, brackets, code fences. All of
// these take time linear in the text, whatever it says, but for calls_of, see there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evalrun {

// Exactly Python's str.strip(): every character with str.isspace(), U+00A0 and U+3000 included.
std::string_view python_strip(std::string_view utf8);

// Exactly Python's str.split(): the pieces between runs of such characters.
std::vector<std::string_view> python_words(std::string_view utf8);

// The text without what a reasoning model thought aloud: <think>...</think> blocks; an unclosed
// <think> reaches to the end (the model ran out of tokens); a lone </think> from the beginning (the
// prompt held the opening tag).
std::string without_thinking(std::string_view text);

// The position of the bracket that closes text[open]; nothing if none does. Knows Python's strings,
// escapes and comments.
std::optional<std::size_t> matching_bracket(std::string_view text, std::size_t open);

// Where the Python expression that begins at `from` ends at the latest: outside of brackets and
// strings, at the end of a line, a comment, a backquote, a semicolon, a closing bracket of an outer
// pair, and with `stop_at_comma` at a comma.
std::size_t expression_end(std::string_view text, std::size_t from, bool stop_at_comma);

// A call f(...) in a text: text[begin] is the f, text[open] and text[close] its parentheses.
struct CallSpan {
  std::size_t begin, open, close;
};
// All calls of the function `name` that are closed and not inside another one, in order; "def f("
// is none. Gives up after 32 that are not closed.
std::vector<CallSpan> calls_of(std::string_view name, std::string_view text);

// A ``` block: the lines between its fences. A missing closing fence is allowed at the end, and
// before a fence with a tag, which can only open.
struct FencedBlock {
  std::size_t begin;  // of the opening fence
  std::string_view body;
  std::string_view tag = {};  // what stands behind the opening fence, such as "python"
};
// In order. A line such as ```x``` is a block of its own.
std::vector<FencedBlock> fenced_blocks(std::string_view text);
std::optional<FencedBlock> last_fenced_block(std::string_view text);

}  // namespace evalrun
