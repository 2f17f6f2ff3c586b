#include "scorers/plain_literal.h"

#include <string>

#include <gtest/gtest.h>

namespace evalrun {
namespace {

// Each of these, behind `assert 4 == `, is compared as the literal that it is.
TEST(PlainLiteral, WhatIsComparedAsAWhole) {
  for (const std::string_view text : {"4", "-4", "'a, b'", "[1, 2]", "(1, 2)", "{'a': (1,)}", "'#'",
                                      "4 ", "None", "1e5", "'a' 'b'"}) {
    EXPECT_TRUE(plain_literal(text)) << text;
  }
}

// These are literals too, or nearly, but CPython sees something else there.
TEST(PlainLiteral, WhatIsNot) {
  for (const std::string_view text :
       {"4, 4", "4,", "4 # so", "4\n", "\n4", "4; 5", "4\r", "(4\r\n)", "4 or 5", "f(4)", "",
        "4 == 4", "'a", "x", "4 \\\n"}) {
    EXPECT_FALSE(plain_literal(text)) << text;
  }
}

TEST(PlainLiteral, Limits) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(plain_literal(nested(50)));
  EXPECT_FALSE(plain_literal(nested(51)));
  EXPECT_TRUE(plain_literal("'" + std::string(9'998, 'x') + "'"));
  EXPECT_FALSE(plain_literal("'" + std::string(9'999, 'x') + "'"));
}

}  // namespace
}  // namespace evalrun
