#include "tasks/jsonl_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/core/hash.h"
#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::ElementsAre;

struct Walk {
  Result<std::string> sha256;
  std::vector<std::string> rows;  // "LINE KEY=VALUE"
};

Walk walk(const std::string& text) {
  Walk out;
  out.sha256 =
      walk_jsonl(*MappedFile::embedded("FILE", text),
                 [&](std::size_t line, std::span<const JsonMember> members) -> Status {
                   if (members.empty()) return input_error("key: missing");
                   out.rows.push_back(std::to_string(line) + " " + std::string(members[0].key) +
                                      "=" + std::string(members[0].value));
                   return {};
                 });
  return out;
}

TEST(JsonlIndex, VisitsEachLineAndHashesTheFile) {
  for (const std::string& text : {std::string("{\"a\": 1}\n{\"b\": \"\\n\"}"),
                                  std::string("{\"a\": 1}\n{\"b\": \"\\n\"}\n")}) {
    const Walk out = walk(text);
    ASSERT_TRUE(out.sha256) << out.sha256.error().message;
    EXPECT_EQ(*out.sha256, sha256_hex(text));
    EXPECT_THAT(out.rows, ElementsAre("1 a=1", "2 b=\"\\n\""));
  }
}

TEST(JsonlIndex, HashesAFileOnDiskToo) {
  const TestFolder folder;
  const std::string path = folder.write("a.jsonl", "{\"a\": 1}\n");
  const auto file = MappedFile::open(path).value();
  const auto nothing = [](std::size_t, std::span<const JsonMember>) { return Status(); };
  EXPECT_EQ(walk_jsonl(*file, nothing).value(), sha256_file(path).value());
}

TEST(JsonlIndex, ErrorsNameFileAndLine) {
  EXPECT_EQ(walk("").sha256.error().message, "FILE: empty, expected a JSON object a line");
  EXPECT_EQ(walk("{\"a\": 1}\n{}\n").sha256.error().message, "FILE:2: key: missing");
  EXPECT_EQ(walk("{\"a\": 1}\n\n").sha256.error().message,
            "FILE:2: byte 1: expected a JSON object");
  // A line that was cut in a string does not swallow the next one.
  EXPECT_EQ(walk("{\"a\": \"cut\n{\"b\": 1}\n").sha256.error().message,
            "FILE:1: byte 11: expected the end of a string");
}

}  // namespace
}  // namespace evalrun
