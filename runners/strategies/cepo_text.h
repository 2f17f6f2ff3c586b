// Reading what models write back to CePO. Pure functions over hostile text: any bytes give a value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evalrun {

// Without the model's thinking. "<think>…</think>" goes; then all up to a closing tag that is left
// (the chat template opened it); then all from an opening tag that is left (cut off). What remains
// of a changed text is stripped; a text without tags comes back as it is.
std::string strip_think(std::string_view text);

// The N of the first "Rating: [[N]]", N = 0 to 10. Nothing when there is none, or when it is not on
// the scale (the prompt asks for 1 to 10). Letter case, and white space and asterisks before the
// brackets, are free.
std::optional<int> parse_rating(std::string_view judgement);

// The N of the first "Better Response: [[N]]", N = 0 or 1; read in the same way.
std::optional<int> parse_better_response(std::string_view judgement);

// Answers that a majority vote counts as one have the same normal form: outside string literals
// runs of white space are dropped, except that one space stays between two word characters; the
// delimiters of '…' and "…" become the latter. Inside a literal every byte counts. A quote without
// a partner on its line is an ordinary character.
std::string normalise_answer(std::string_view text);

// At most `count` approaches: the items of a numbered or bulleted list of that many; else the
// strings of a JSON object or array (fences and words around it are tolerated, also one level of
// nesting as in {"approaches": […]}); else the items of a shorter list; else the lines, if there
// are just `count` and no braces. Empty: nothing of that kind. `count` is positive.
std::vector<std::string> parse_approaches(std::string_view text, int count);

}  // namespace evalrun
