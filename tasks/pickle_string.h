// Reads the one kind of pickle that LiveCodeBench's private tests are: a single str.
//
// A pickle is a program for a stack machine that can import and call anything, so this knows only
// the instructions that such a pickle needs: PROTO, FRAME, SHORT_BINUNICODE, BINUNICODE,
// BINUNICODE8, the memo's MEMOIZE, BINPUT and LONG_BINPUT (written, never read), and STOP.
// Encoding: CPython's Lib/pickletools.py.
#pragma once

#include <string_view>

#include "harness/core/result.h"

namespace evalrun {

// The bytes of the str (UTF-8 as pickle writes it, not checked); a view into `pickle`. Error, one
// line: any other instruction, by its name; a cut; no str or two; bytes after STOP.
Result<std::string_view> read_pickled_string(std::string_view pickle);

}  // namespace evalrun
