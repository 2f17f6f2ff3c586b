#include "hw/llama/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/core/text.h"
#include "hw/llama/test_model.h"

namespace evalrun {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<int> encode(const Tokenizer& t, const std::string& text, bool special = false) {
  return t.encode(std::vector<TextPiece>{{text, special}}, false);
}

std::string decode(const Tokenizer& t, const std::vector<int>& ids) {
  std::string out;
  for (int id : ids) out += t.decode(id);
  return out;
}

Tokenizer byte_tokenizer() {
  testing::GgufWriter w;
  testing::write_byte_vocabulary(w);
  const std::string bytes = w.bytes();
  auto t = Tokenizer::create(*read_vocabulary(*parse_gguf(testing::as_bytes(bytes), "v")));
  EXPECT_TRUE(t);
  return std::move(*t);
}

TEST(ByteVocabulary, EveryByteIsAToken) {
  const Tokenizer t = byte_tokenizer();
  EXPECT_THAT(encode(t, "a b\n"), ElementsAre(5 + 'a', 261, 5 + 'b', 5 + '\n'));
  EXPECT_THAT(encode(t, "é"), ElementsAre(5 + 0xc3, 5 + 0xa9));
  EXPECT_THAT(encode(t, ""), ElementsAre());
  const std::string broken = "\xff\xc3(\xe2\x96";  // not UTF-8 in three ways
  EXPECT_EQ(decode(t, encode(t, broken)), broken);
}

TEST(ByteVocabulary, SpecialTokensOnlyWhereAllowed) {
  const Tokenizer t = byte_tokenizer();
  const std::vector<TextPiece> pieces = {
      {"<|im_start|>u", true}, {"<|im_end|>", false}, {"<|im_end|>", true}};
  const std::vector<int> ids = t.encode(pieces, true);
  EXPECT_THAT(std::vector<int>(ids.begin(), ids.begin() + 4), ElementsAre(1, 3, 5 + 'u', 5 + '<'));
  EXPECT_EQ(ids.size(), 3u + 10 + 1);
  EXPECT_EQ(std::ranges::count(ids, 4), 1);
  EXPECT_EQ(ids.back(), 4);
  EXPECT_TRUE(t.is_end(4) && t.is_end(2));
  EXPECT_FALSE(t.is_end(3) || t.is_end(5));
  EXPECT_EQ(t.decode(4), "");
}

// "a" "b" "ab" "bc" "abc" with scores such that "abc" would need another order than the best first.
TEST(Spm, MergesTheBestScoreFirst) {
  Vocabulary v;
  v.model = "llama";
  v.tokens = {"<unk>", "a", "b", "c", "ab", "bc", "abc"};
  v.scores = {0, -9, -9, -9, -2, -1, -3};
  v.types.assign(7, TokenType::normal);
  v.types[0] = TokenType::unknown;
  v.unknown = 0;
  const auto t = Tokenizer::create(v);
  EXPECT_THAT(encode(*t, "abc"), ElementsAre(6));  // bc, then a+bc
  EXPECT_THAT(encode(*t, "abab"), ElementsAre(4, 4));
  EXPECT_THAT(encode(*t, "bcx"), ElementsAre(5, 0));  // no byte tokens: unknown
}

TEST(Bpe, RefusesAnUnknownPretokenizer) {
  Vocabulary v;
  v.source = "m.gguf";
  v.model = "gpt2";
  v.pre = "tekken";
  v.tokens = {"a"};
  v.types = {TokenType::normal};
  EXPECT_THAT(Tokenizer::create(v).error().message,
              HasSubstr("m.gguf: tokenizer.ggml.pre: tekken is not supported; known are gpt-2"));
  v.pre = "gpt-2";
  v.merges = {"a b"};
  EXPECT_THAT(Tokenizer::create(v).error().message, HasSubstr("merges: 0 ('a b')"));
}

// --- Against the ids that other implementations give (llama.cpp's test files).

std::string data_path(const std::string& name) {
  const char* root = std::getenv("EVALRUN_DATA");
  return root ? std::string(root) + "/tokenizer/" + name : "";
}

std::string gunzip(const std::string& path) {
  std::string out;
  FILE* pipe = ::popen(("gzip -dc '" + path + "'").c_str(), "r");
  char buffer[65536];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  ::pclose(pipe);
  return out;
}

Result<Vocabulary> vocabulary_of_gguf(const std::string& path) {
  const std::string bytes = gunzip(path);
  const auto file = parse_gguf(testing::as_bytes(bytes), path);
  if (!file) return std::unexpected(file.error());
  return read_vocabulary(*file);
}

// A Hugging Face tokenizer.json of a byte-level BPE.
Vocabulary vocabulary_of_json(const std::string& path, const std::string& pre) {
  const auto json = nlohmann::json::parse(gunzip(path));
  Vocabulary v;
  v.source = path;
  v.model = "gpt2";
  v.pre = pre;
  const auto set = [&](std::size_t id, const std::string& token, TokenType type) {
    v.tokens.resize(std::max(v.tokens.size(), id + 1));
    v.types.resize(v.tokens.size(), TokenType::unused);
    v.tokens[id] = token;
    v.types[id] = type;
  };
  for (const auto& [token, id] : json["model"]["vocab"].items()) set(id, token, TokenType::normal);
  for (const auto& added : json["added_tokens"]) {
    set(added["id"], added["content"], TokenType::control);
  }
  for (const auto& merge : json["model"]["merges"]) {
    v.merges.push_back(merge.is_string()
                           ? merge.get<std::string>()
                           : merge[0].get<std::string>() + " " + merge[1].get<std::string>());
  }
  return v;
}

struct Case {
  std::string name;  // of the .inp and .out files
  std::string json;  // tokenizer.json.gz, where there is no .gguf.gz
  std::string pre;
};

class Conformance : public ::testing::TestWithParam<Case> {};

TEST_P(Conformance, SameIdsAsTheReference) {
  const Case& c = GetParam();
  const std::string base = data_path("ggml-vocab-" + c.name + ".gguf");
  const std::string source = c.json.empty() ? base + ".gz" : data_path(c.json);
  if (!std::filesystem::exists(source)) GTEST_SKIP() << "EVALRUN_DATA has no " << source;
  auto vocabulary = c.json.empty() ? vocabulary_of_gguf(source) : vocabulary_of_json(source, c.pre);
  ASSERT_TRUE(vocabulary) << vocabulary.error().message;
  const auto tokenizer = Tokenizer::create(std::move(*vocabulary));
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;

  const std::string separator = "\n__ggml_vocab_test__\n";
  std::string inputs = *read_file(base + ".inp");
  std::istringstream outputs(*read_file(base + ".out"));
  int count = 0;
  for (std::size_t at; (at = inputs.find(separator)) != inputs.npos; ++count) {
    const std::string text = inputs.substr(0, at);
    inputs.erase(0, at + separator.size());
    std::string line;
    std::getline(outputs, line);
    std::istringstream numbers(line);
    const std::vector<int> expected{std::istream_iterator<int>(numbers), {}};
    const std::vector<int> ids = encode(*tokenizer, text);
    EXPECT_EQ(ids, expected) << "text: " << text;
    const std::string back = decode(*tokenizer, ids);
    EXPECT_EQ(tokenizer->vocabulary().add_space_prefix && !text.empty() ? back.substr(1) : back,
              text);
  }
  EXPECT_EQ(count, 46);
}

INSTANTIATE_TEST_SUITE_P(
    LlamaCpp, Conformance,
    ::testing::Values(Case{"llama-spm", "", ""}, Case{"phi-3", "", ""}, Case{"gpt-2", "", ""},
                      Case{"starcoder", "", ""}, Case{"refact", "", ""},
                      Case{"llama-bpe", "llama3_1.tokenizer.json.gz", "llama-bpe"},
                      Case{"qwen2", "qwen3.tokenizer.json.gz", "qwen2"}),
    [](const auto& info) {
      std::string name = info.param.name;
      std::ranges::replace(name, '-', '_');
      return name;
    });

}  // namespace
}  // namespace evalrun
