#include "scorers/reason.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "scorers/lcb_metadata.h"

namespace evalrun {
namespace {

ScoreOutcome outcome(Verdict verdict, std::string program, std::string details = "") {
  ScoreOutcome out;
  out.verdict = verdict;
  out.extracted = std::move(program);
  out.details = std::move(details);
  return out;
}

// A program that the official scorer alone finds wrong, with this metadata.
std::string_view official_alone_fails(std::string program, const std::string& metadata,
                                      Verdict verdict = Verdict::wrong) {
  return reason_class(outcome(verdict, program, lcb_details({kLcbWrong}, metadata)),
                      outcome(Verdict::right, program));
}

TEST(ReasonClass, NothingWhereTheyAgree) {
  EXPECT_EQ(reason_class(outcome(Verdict::right, "p"), outcome(Verdict::right, "q")), "");
  EXPECT_EQ(reason_class(outcome(Verdict::wrong, "p"), outcome(Verdict::no_answer, "")), "");
}

TEST(ReasonClass, WhatTheGraderDoesToPrograms) {
  const std::string raised = lcb_raised(kLcbRuntimeError, "x", "", "");
  const auto why = [&](std::string program) {
    return official_alone_fails(std::move(program), raised, Verdict::program_error);
  };
  EXPECT_EQ(why("for line in sys.stdin: print(line)"), "stdin/stdout mock");
  EXPECT_EQ(why("data = open(0).read()"), "stdin/stdout mock");
  EXPECT_EQ(why("print(1)\nquit()"), "exit");
  EXPECT_EQ(why("if '__main__' == __name__:\n    main()"), "main guard");
  EXPECT_EQ(why("print(1)"), "other");
}

TEST(ReasonClass, WhatIsComparedDifferently) {
  const auto value = [](std::string_view output, std::string_view expected) {
    return official_alone_fails("p", lcb_wrong(output, "", expected, "Wrong Answer"));
  };
  EXPECT_EQ(value("[(1, 2)]", "[[1, 2]]"), "nested tuple");
  EXPECT_EQ(value("[0.1]", "[0.1000001]"), "float tolerance");
  const auto text = [](std::string_view output, std::string_view expected) {
    return official_alone_fails("p", lcb_wrong(output, "", expected, "Wrong answer at ..."));
  };
  EXPECT_EQ(text("a  b\n", "a b\n"), "whitespace");
  EXPECT_EQ(text("x 0.33333333", "x 0.3333333"), "float tolerance");
}

TEST(ReasonClass, TheOtherClasses) {
  const std::string details = lcb_details({kLcbRight}, lcb_passed(0));
  EXPECT_EQ(reason_class(outcome(Verdict::right, "p", details), outcome(Verdict::infra_error, "p")),
            "our failure");
  EXPECT_EQ(reason_class(outcome(Verdict::right, "p", details), outcome(Verdict::right, "q")), "");
  EXPECT_EQ(reason_class(outcome(Verdict::right, "p", details), outcome(Verdict::no_answer, "")),
            "extraction");
  EXPECT_EQ(
      reason_class(outcome(Verdict::right, "p\n", details), outcome(Verdict::time_limit, "p")),
      "time limit");
  EXPECT_EQ(reason_class(outcome(Verdict::right, "exit(1)", details),
                         outcome(Verdict::program_error, "exit(1)")),
            "exit");
  EXPECT_EQ(reason_class(outcome(Verdict::right, "0 or True"), outcome(Verdict::no_answer, "0 or")),
            "expression");
}

TEST(ReasonClass, EveryClassIsListedOnce) {
  const auto classes = reason_classes();
  EXPECT_EQ(std::ranges::count(classes, "stdin/stdout mock"), 1);
  EXPECT_EQ(classes.back(), "other");
}

}  // namespace
}  // namespace evalrun
