// Why the official scorer and ours judge an answer apart.
#pragma once

#include <span>
#include <string_view>

#include "scorers/score.h"

namespace evalrun {

// One of reason_classes(); "" where both say right, or neither does. A guess from what the two
// outcomes say and from what stands in the program, good enough to count by; the first class that
// fits, in the order of reason_classes().
std::string_view reason_class(const ScoreOutcome& official, const ScoreOutcome& strict);

//   our failure       one of them could not be judged
//   extraction        they judged different texts, or one found none
//   time limit        one was too slow
//   stdin/stdout mock the program uses what the official grader replaces incompletely:
//                     sys.stdin as an iterator, .buffer, open(0), a prompt of input(...)
//   exit              sys.exit, quit, exit, os._exit
//   main guard        __name__ == "__main__", or globals, which the grader's wrapping breaks
//   nested tuple      a tuple where a list was expected
//   float tolerance   a number nearly equal to the expected one
//   whitespace        blanks or empty lines alone
//   expression        the answer is code, not a value
//   other
std::span<const std::string_view> reason_classes();

}  // namespace evalrun
