#include "runners/remote/secret.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "harness/core/test_folder.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Secrets, AreTakenOutWhereverTheyStand) {
  Secrets secrets;
  secrets.add("  sk-abcdef\n");
  secrets.add("sk-abcdef-longer");
  secrets.add("abc");  // too short to be one
  EXPECT_EQ(secrets.without("sk-abcdef,sk-abcdef-longer;abc"), "[secret],[secret];abc");
  EXPECT_EQ(secrets.without("key sk-abc\xe2\x80\xa6"), "key [secret]\xe2\x80\xa6");
  EXPECT_EQ(secrets.without("sk-ab\xe2\x80\xa6 (x) sk-\xe2\x80\xa6"),
            "[secret]\xe2\x80\xa6 (x) [secret]\xe2\x80\xa6");
  EXPECT_EQ(secrets.without("key sk-abc"), "key sk-abc");  // not cut: the beginning is all there is
  EXPECT_EQ(secrets.without(""), "");
  EXPECT_EQ(Secrets().without("sk-abcdef"), "sk-abcdef");
}

TEST(Secrets, ComeFromTheEnvironment) {
  ::setenv("EVALRUN_TEST_KEY", " sk-123456 ", 1);
  EXPECT_EQ(key_from_environment("EVALRUN_TEST_KEY").value(), "sk-123456");
  ::setenv("EVALRUN_TEST_KEY", "", 1);
  EXPECT_THAT(key_from_environment("EVALRUN_TEST_KEY").error().message, HasSubstr("is empty"));
  // A second header smuggled in; the words of the error must not show the key.
  ::setenv("EVALRUN_TEST_KEY", "sk-123456\r\nX-Evil: 1", 1);
  const auto evil = key_from_environment("EVALRUN_TEST_KEY");
  ASSERT_FALSE(evil);
  EXPECT_THAT(evil.error().message, Not(HasSubstr("sk-123456")));
  ::unsetenv("EVALRUN_TEST_KEY");
  EXPECT_THAT(key_from_environment("EVALRUN_TEST_KEY").error().message,
              HasSubstr("EVALRUN_TEST_KEY is not set"));
}

TEST(Secrets, ComeFromAFileThatNobodyElseReads) {
  const TestFolder folder;
  const std::string path = folder.path("key");
  ASSERT_TRUE(write_file_atomically(path, "sk-from-file\nsecond line\n"));
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(key_from_file(path).value(), "sk-from-file");
  for (const mode_t mode : {0644, 0640, 0604}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    const auto refused = key_from_file(path);
    ASSERT_FALSE(refused) << mode;
    EXPECT_THAT(refused.error().message, HasSubstr("chmod 600"));
  }
  EXPECT_THAT(key_from_file(folder.path("absent")).error().message, HasSubstr("absent"));
  EXPECT_FALSE(key_from_file("/dev/null"));
  EXPECT_FALSE(key_from_file(folder.path("")));
}

}  // namespace
}  // namespace evalrun
