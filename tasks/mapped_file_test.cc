#include "tasks/mapped_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(MappedFile, HasTheBytesOfTheFile) {
  const TestFolder folder;
  const std::string bytes = std::string(10'000, 'x') + "end";  // more than a page
  const auto file = MappedFile::open(folder.write("a", bytes));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ((*file)->bytes(), bytes);
  EXPECT_EQ((*file)->name(), folder.path("a"));
  (*file)->forget((*file)->bytes().substr(5000));
  EXPECT_EQ((*file)->bytes(), bytes);  // forgotten pages come back
}

TEST(MappedFile, AnEmptyFileIsNoError) {
  const TestFolder folder;
  EXPECT_EQ(MappedFile::open(folder.write("a", "")).value()->bytes(), "");
}

TEST(MappedFile, WhatIsNoFileIsRefused) {
  const TestFolder folder;
  EXPECT_THAT(MappedFile::open(folder.path("none")).error().message,
              HasSubstr("none: No such file"));
  EXPECT_THAT(MappedFile::open(folder.path()).error().message, HasSubstr("not a regular file"));
}

TEST(MappedFile, NoticesThatTheFileHasChanged) {
  const TestFolder folder;
  const std::string path = folder.write("a", "one");
  const auto file = MappedFile::open(path).value();
  EXPECT_TRUE(file->check_unchanged());
  folder.write("a", "longer");
  const auto changed = file->check_unchanged();
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, Error::Kind::system);
  EXPECT_THAT(changed.error().message, StartsWith(path + ": changed"));
}

TEST(MappedFile, NoticesAnotherTimeOfChangeWithTheSameSize) {
  const TestFolder folder;
  const std::string path = folder.write("a", "one");
  const auto file = MappedFile::open(path).value();
  std::filesystem::last_write_time(
      path, std::filesystem::last_write_time(path) + std::chrono::seconds(5));
  EXPECT_FALSE(file->check_unchanged());
}

TEST(MappedFile, EmbeddedBytesNeverChange) {
  const auto file = MappedFile::embedded("built in", "abc");
  EXPECT_EQ(file->bytes(), "abc");
  EXPECT_EQ(file->name(), "built in");
  file->forget(file->bytes());
  EXPECT_TRUE(file->check_unchanged());
}

}  // namespace
}  // namespace evalrun
