#include "tasks/pickle_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace evalrun {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

// What CPython 3.11's pickle.dumps(value, protocol) returns.
const std::string kHi4 = "\x80\x04\x95\x08\x00\x00\x00\x00\x00\x00\x00\x8c\x04hi\xc3\xa9\x94."s;
const std::string kHi2 = "\x80\x02X\x02\x00\x00\x00hiq\x00."s;
const std::string kHi1 = "X\x02\x00\x00\x00hiq\x00."s;
const std::string kHi0 = "Vhi\np0\n."s;
const std::string kDict4 = "\x80\x04}\x94."s;
const std::string kSystem4 =
    "\x80\x04\x95\x14\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94."s;

std::string error_of(const std::string& pickle) {
  const auto text = read_pickled_string(pickle);
  return text ? "" : text.error().message;
}

TEST(PickleString, ReadsWhatCPythonWrites) {
  EXPECT_EQ(read_pickled_string(kHi4).value(), "hi\xc3\xa9");
  EXPECT_EQ(read_pickled_string(kHi2).value(), "hi");
  EXPECT_EQ(read_pickled_string(kHi1).value(), "hi");
}

TEST(PickleString, ReadsEveryLengthOfString) {
  const std::string big(300, 'x');
  EXPECT_EQ(read_pickled_string("\x80\x04X\x2c\x01\x00\x00"s + big + "\x94.").value(), big);
  EXPECT_EQ(
      read_pickled_string("\x80\x04\x8d\x2c\x01\x00\x00\x00\x00\x00\x00"s + big + "\x94.").value(),
      big);
  EXPECT_EQ(read_pickled_string("\x80\x02X\x01\x00\x00\x00yr\x01\x00\x00\x00."s).value(), "y");
  EXPECT_EQ(read_pickled_string("\x8c\x00."s).value(), "");
}

TEST(PickleString, RefusesEveryOtherInstructionByName) {
  EXPECT_EQ(error_of(kDict4), "pickle: expected a plain str, found EMPTY_DICT; it is not executed");
  EXPECT_THAT(error_of(kHi0), HasSubstr("found UNICODE;"));
  EXPECT_THAT(error_of("cos\nsystem\n(S'true'\ntR."s), HasSubstr("found GLOBAL;"));
  EXPECT_THAT(error_of("\x80\x04K\x01."s), HasSubstr("found BININT1;"));
  EXPECT_THAT(error_of("\xff."s), HasSubstr("found unknown instruction 0xff;"));
}

// Two strings and STACK_GLOBAL: the way to call a function. The second string is refused already.
TEST(PickleString, RefusesAFunction) {
  EXPECT_EQ(error_of(kSystem4), "pickle: more than one str");
  EXPECT_THAT(error_of("\x80\x04\x8c\x01x\x93."s), HasSubstr("found STACK_GLOBAL;"));
}

TEST(PickleString, RefusesWhatIsNotOneWholeString) {
  EXPECT_EQ(error_of(""), "pickle: cut off");
  EXPECT_EQ(error_of("."), "pickle: holds nothing");
  EXPECT_EQ(error_of("\x94."), "pickle: a memo of nothing");
  EXPECT_EQ(error_of(kHi4 + "x"), "pickle: bytes after its end");
  EXPECT_EQ(error_of("\x80\x06\x8c\x00."s), "pickle: protocol 6 is not known");
  // A length of 2^64 - 1.
  EXPECT_EQ(error_of("\x8d\xff\xff\xff\xff\xff\xff\xff\xffx."s), "pickle: cut off");
  EXPECT_EQ(error_of("\x95\xff\x00\x00\x00\x00\x00\x00\x00\x8c\x00."s), "pickle: cut off");
}

TEST(PickleString, TruncatedAtEachByteIsAnError) {
  for (std::size_t size = 0; size < kHi4.size(); ++size)
    EXPECT_FALSE(read_pickled_string(std::string_view(kHi4).substr(0, size))) << size;
}

}  // namespace
}  // namespace evalrun
