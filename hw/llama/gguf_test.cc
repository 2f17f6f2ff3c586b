#include "hw/llama/gguf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/core/rng.h"
#include "hw/llama/test_model.h"

namespace evalrun {
namespace {

using testing::as_bytes;
using testing::GgufWriter;
using ::testing::HasSubstr;

std::string small_file(std::uint32_t version = 3) {
  GgufWriter w;
  w.text("name", "tiny");
  w.u32("count", 7);
  w.number("minus", 5, std::int32_t(-3));
  w.number("wide", 10, std::uint64_t(1) << 40);
  w.number("real", 12, 0.25);
  w.flag("yes", true);
  w.texts("words", {"a", "", "ccc"});
  w.numbers("scores", 6, std::vector<float>{0.5f, -1});
  w.tensor("vector", {3}, 0, std::string(12, 'x'));
  w.tensor("matrix", {32, 2}, 8, std::string(68, 'q'));
  return w.bytes(version);
}

std::string error_of(std::string_view bytes) {
  const auto file = parse_gguf(as_bytes(bytes), "f.gguf");
  return file ? "" : file.error().message;
}

TEST(Gguf, ReadsWhatWasWritten) {
  for (std::uint32_t version : {2u, 3u}) {
    const std::string bytes = small_file(version);
    const auto file = parse_gguf(as_bytes(bytes), "f.gguf");
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->text("name"), "tiny");
    EXPECT_EQ(file->integer("count"), 7);
    EXPECT_EQ(file->integer("minus"), -3);
    EXPECT_EQ(file->integer("wide"), std::int64_t(1) << 40);
    EXPECT_EQ(file->number("real"), 0.25);
    EXPECT_EQ(file->flag_or("yes", false), true);
    EXPECT_EQ(*file->texts("words"), (std::vector<std::string_view>{"a", "", "ccc"}));
    ASSERT_EQ(file->numbers("scores")->count, 2u);
    EXPECT_EQ((*file->numbers("scores"))[1], -1);
    const GgufTensor& matrix = file->tensors.find("matrix")->second;
    EXPECT_EQ(matrix.type, NumberType::q8_0);
    EXPECT_EQ(matrix.sizes, (std::vector<std::uint64_t>{32, 2}));
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(matrix.data.data()), matrix.data.size()),
              std::string(68, 'q'));
  }
}

TEST(Gguf, AbsentAndOtherKindsAreErrorsThatNameTheKey) {
  const std::string bytes = small_file();
  const auto file = parse_gguf(as_bytes(bytes), "f.gguf");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->integer("nothing").error().message, "f.gguf: nothing: missing");
  EXPECT_EQ(file->integer("name").error().message, "f.gguf: name: expected an integer");
  EXPECT_EQ(file->integer_or("nothing", 5), 5);
  EXPECT_FALSE(file->integer_or("name", 5));
}

TEST(Gguf, CutAtAnyByteIsAnError) {
  const std::string bytes = small_file();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const std::string cut = bytes.substr(0, n);  // its own memory, so that a sanitizer sees
    EXPECT_NE(error_of(cut), "") << n;
  }
  EXPECT_THAT(error_of(bytes.substr(0, bytes.size() - 1)),
              HasSubstr("f.gguf: tensor matrix: the file ends at byte"));
}

TEST(Gguf, FlippedBytesNeverCrash) {
  const std::string bytes = small_file();
  Rng rng(1);
  for (int i = 0; i < 10'000; ++i) {
    std::string changed = bytes;
    for (int k = 0; k <= i % 3; ++k) changed[rng.below(bytes.size())] = char(rng.below(256));
    const auto file = parse_gguf(as_bytes(changed), "f");
    if (!file) continue;
    for (const auto& [name, tensor] : file->tensors) {  // what was accepted is inside
      ASSERT_GE(tensor.data.data(), as_bytes(changed).data());
      ASSERT_LE(tensor.data.data() + tensor.data.size(), as_bytes(changed).data() + changed.size());
    }
  }
}

TEST(Gguf, SaysWhatIsWrong) {
  EXPECT_EQ(error_of("GGML----"), "f.gguf: not a GGUF file");
  EXPECT_THAT(error_of(small_file(1)), HasSubstr("GGUF version 1 is not supported; use 2 or 3"));
  EXPECT_THAT(error_of(small_file(0x03000000)), HasSubstr("big-endian"));

  GgufWriter type;
  type.tensor("blk.0.attn_q.weight", {256}, 12, "");
  EXPECT_EQ(error_of(type.bytes()),
            "f.gguf: tensor blk.0.attn_q.weight: type Q4_K is not supported; use F32, F16, BF16 or "
            "Q8_0");
  GgufWriter row;
  row.tensor("t", {33, 1}, 8, "");
  EXPECT_EQ(error_of(row.bytes()), "f.gguf: tensor t: a row of 33 values does not fit type Q8_0");
  GgufWriter twice;
  twice.u32("k", 1), twice.u32("k", 2);
  EXPECT_EQ(error_of(twice.bytes()), "f.gguf: k: given twice");
  GgufWriter alignment;
  alignment.u32("general.alignment", 24);
  EXPECT_EQ(error_of(alignment.bytes()), "f.gguf: general.alignment: 24 is not a power of two");
}

TEST(Gguf, SizesThatOverflowAreTruncatedFiles) {
  GgufWriter w;
  w.tensor("t", {1ull << 33, 1ull << 33, 1ull << 33}, 0, "");
  EXPECT_THAT(error_of(w.bytes()), HasSubstr("tensor t: the file ends"));
  std::string counts = "GGUF";
  counts += std::string("\3\0\0\0", 4) + std::string(16, '\xff');  // 2^64 - 1 tensors and entries
  EXPECT_THAT(error_of(counts), HasSubstr("the file ends at byte 24"));
}

}  // namespace
}  // namespace evalrun
