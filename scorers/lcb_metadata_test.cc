#include "scorers/lcb_metadata.h"

#include <string>

#include <gtest/gtest.h>

#include "scorers/json_value.h"

namespace evalrun {
namespace {

// Keys, their order and all words: evaluation/testing_util.py.
TEST(LcbMetadata, KeysAndWordsOfTheGrader) {
  EXPECT_EQ(lcb_passed(0.25), R"j({"execution time":0.25})j");
  EXPECT_EQ(lcb_wrong("1\n", "2\n", "3\n", "Wrong Answer"),
            R"j({"output":"1\n","inputs":"2\n","expected":"3\n","error_code":-2,)j"
            R"j("error_message":"Wrong Answer"})j");
  EXPECT_EQ(lcb_raised(kLcbRuntimeError, "KeyError(1)", "i", "e"),
            R"j({"error":"KeyError(1)","error_code":-4,"error_message":"Runtime Error",)j"
            R"j("inputs":"i","expected":"e"})j");
  EXPECT_EQ(lcb_raised(kLcbTimeLimit, "TimeoutException()", "i", "e"),
            R"j({"error":"TimeoutException()","error_code":-3,)j"
            R"j("error_message":"Time Limit Exceeded","inputs":"i","expected":"e"})j");
  EXPECT_EQ(lcb_untestable("No module named 'x'"),
            R"j({"error_code":-4,"error_message":"Error during testing: No module named 'x'"})j");
  EXPECT_EQ(lcb_no_result(),
            R"j({"error":"IndexError('list index out of range')","error_code":-5,)j"
            R"j("error_message":"TestRunnerError"})j");
}

TEST(LcbMetadata, ResultsAreBooleansAndCodes) {
  EXPECT_EQ(lcb_details({kLcbRight, kLcbWrongValue}, lcb_passed(0)),
            R"j({"results":[true,false],"metadata":{"execution time":0.0}})j");
  EXPECT_EQ(lcb_details({kLcbRight, kLcbWrong, kLcbTimeLimit, kLcbRuntimeError}, "{}"),
            R"j({"results":[true,-2,-3,-4],"metadata":{}})j");
  EXPECT_EQ(lcb_details({}, "{}"), R"j({"results":[],"metadata":{}})j");
}

TEST(LcbMetadata, TruncatesByCharacters) {
  const std::string at_limit(300, 'x');
  EXPECT_EQ(truncate_as_grader(at_limit), at_limit);
  std::string wide;
  for (int i = 0; i < 301; ++i) wide += "\xc3\xa9";
  EXPECT_EQ(truncate_as_grader(wide),
            wide.substr(0, 300) + "...(truncated) ..." + wide.substr(wide.size() - 300));
}

TEST(LcbMetadata, AnyBytesMakeValidJson) {
  EXPECT_EQ(lcb_wrong("\xff\"", "\x01", "", "m"),
            "{\"output\":\"\xef\xbf\xbd\\\"\",\"inputs\":\"\\u0001\",\"expected\":\"\","
            "\"error_code\":-2,\"error_message\":\"m\"}");
}

TEST(LcbMetadata, PythonStr) {
  EXPECT_EQ(python_str(*parse_json("\"it's\"")), "it's");
  EXPECT_EQ(python_str(*parse_json("[\"it's\", 1.0, null, NaN, true]")),
            "[\"it's\", 1.0, None, nan, True]");
}

}  // namespace
}  // namespace evalrun
