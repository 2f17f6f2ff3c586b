// Answers whose comparison by CPython can be foretold without running them.
#pragma once

#include <optional>
#include <string_view>

#include "scorers/pyvalue.h"

namespace evalrun {

// The value of `text` if, written right of "assert x == " (or left of it), it is compared as a
// whole and as a literal: one line, no comma outside of brackets (what follows it would be the
// assertion's message), no comment, at most 10,000 bytes and 50 brackets deep. Nothing otherwise;
// that says nothing about the text.
std::optional<PyValue> plain_literal(std::string_view text);

}  // namespace evalrun
