#include "results/json_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace evalrun {
namespace {

TEST(JsonWriter, PutsTheCommas) {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.member("text", "ends in {");
  json.member("n", std::numeric_limits<std::int64_t>::min());
  json.open_array("empty");
  json.close_array();
  json.open_array("pairs");
  for (const int i : {1, 2}) {
    json.open_array();
    json.element(i);
    json.element(-i);
    json.close_array();
  }
  json.close_array();
  json.open_object("inner");
  json.member("yes", true);
  json.member("no", false);
  json.close_object();
  json.member("view", std::string_view("v"));
  json.close_object();
  EXPECT_EQ(out, R"({"text":"ends in {","n":-9223372036854775808,"empty":[],)"
                 R"("pairs":[[1,-1],[2,-2]],"inner":{"yes":true,"no":false},"view":"v"})");
}

}  // namespace
}  // namespace evalrun
