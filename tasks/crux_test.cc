#include "tasks/crux.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "harness/core/text.h"
#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kTwoRows =
    R"({"code": "def f(a):\n    return a + 1", "input": "2", "output": "3", "id": "s_0"})"
    "\n"
    R"({"id": "s_1", "output": "'\u00e9'", "input": "'x', 'y'", "code": "def f(a, b):\n    return '\u00e9'"})";

std::string error_of(std::string_view bytes) {
  const auto rows = parse_crux(bytes, "FILE");
  return rows ? "" : rows.error().message;
}

std::string row_with(std::string_view id) {
  return R"({"code": "c", "input": "i", "output": "o", "id": ")" + std::string(id) + "\"}\n";
}

TEST(ParseCrux, ReadsRowsWithAndWithoutFinalNewline) {
  const auto rows = parse_crux(kTwoRows, "FILE");
  ASSERT_TRUE(rows);
  const CruxRow first{"def f(a):\n    return a + 1", "2", "3", "s_0"};
  const CruxRow second{"def f(a, b):\n    return '\xc3\xa9'", "'x', 'y'", "'\xc3\xa9'", "s_1"};
  EXPECT_THAT(*rows, ElementsAre(first, second));
  EXPECT_EQ(parse_crux(std::string(kTwoRows) + "\n", "FILE").value(), *rows);
}

TEST(ParseCrux, ErrorsNameFileLineAndKey) {
  EXPECT_EQ(error_of(""), "FILE: empty, expected a JSON object a line");
  EXPECT_EQ(error_of(row_with("a") + R"({"code": "c", "input": "i", "id": "b"})"),
            "FILE:2: output: missing");
  EXPECT_EQ(error_of(R"({"code": "c", "input": ["i"], "output": "o", "id": "b"})"),
            "FILE:1: input: expected a string, found array");
  EXPECT_EQ(error_of(R"({"code": "c", "input": "i", "output": 3, "id": "b"})"),
            "FILE:1: output: expected a string, found number");
  EXPECT_EQ(error_of(row_with("a") + row_with("b") + row_with("a")),
            "FILE:3: id: \"a\" occurs twice");
  EXPECT_THAT(error_of(row_with("a/../b")), StartsWith("FILE:1: id: expected"));
  EXPECT_THAT(error_of(row_with("")), StartsWith("FILE:1: id: expected"));
  for (const char* line :
       {"[]", "3", "\n", "{", "{} {}", "{\"code\": \"\xff\"}", "{\"code\": \"\\ud800\"}"})
    EXPECT_THAT(error_of(row_with("a") + line), StartsWith("FILE:2: not a whole JSON object"))
        << line;
}

// A cut between two lines leaves a shorter file that is right; any other cut has to be noticed.
TEST(ParseCrux, TruncatedAtEachByteIsAnErrorOrTheWholeRowsBefore) {
  const std::size_t end_of_first = kTwoRows.find('\n');
  for (std::size_t size = 0; size < kTwoRows.size(); ++size) {
    const auto rows = parse_crux(kTwoRows.substr(0, size), "FILE");
    const bool between = size == end_of_first || size == end_of_first + 1;
    ASSERT_EQ(rows.has_value(), between) << size;
    if (rows) {
      EXPECT_EQ(rows->size(), 1u);
    }
  }
}

TEST(LiteralKind, GoesByTheFirstCharacters) {
  const std::pair<const char*, const char*> cases[] = {
      {"'a'", "str"},     {"\"it's\"", "str"}, {"b'x'", "bytes"}, {"[1]", "list"},
      {"{}", "dict"},     {"{1: 2}", "dict"},  {"{1, 2}", "set"}, {"(1,)", "tuple"},
      {"True", "bool"},   {"None", "None"},    {"-3", "int"},     {"2.5", "float"},
      {"1e-05", "float"}, {"", "other"},       {"nan", "other"},  {"Truex", "other"},
  };
  for (const auto& [source, kind] : cases) EXPECT_EQ(literal_kind(source), kind) << source;
}

TEST(Crux, LooksInTheThreePlacesInOrder) {
  const TestFolder folder;
  SuiteOptions options;
  EXPECT_EQ(find_crux_file(options), std::nullopt);
  options.data_dir = folder.path("data");
  options.cache_dir = folder.path("cache");
  EXPECT_EQ(find_crux_file(options), std::nullopt);
  const std::string cache = folder.write("cache/cruxeval.jsonl", kTwoRows);
  EXPECT_EQ(find_crux_file(options), cache);
  const std::string data = folder.write("data/cruxeval/cruxeval.jsonl", kTwoRows);
  EXPECT_EQ(find_crux_file(options), data);
  options.data_file = folder.path("named.jsonl");
  EXPECT_EQ(find_crux_file(options), options.data_file);
  EXPECT_FALSE(load_crux_output(options));  // named, so the other places are no substitute
}

TEST(Crux, NotFoundNamesThePlacesAndWhatToDo) {
  SuiteOptions options;
  options.cache_dir = "/nowhere/cache";
  const auto suite = load_crux_output(options);
  ASSERT_FALSE(suite);
  EXPECT_EQ(suite.error().kind, Error::Kind::input);
  for (const char* part : {"--data", "$EVALRUN_DATA/cruxeval/cruxeval.jsonl",
                           "/nowhere/cache/cruxeval.jsonl", "evalrun fetch crux"})
    EXPECT_THAT(suite.error().message, HasSubstr(part));
}

TEST(Crux, AnotherFileIsRefusedUnlessItWasNamed) {
  const TestFolder folder;
  SuiteOptions options;
  options.cache_dir = folder.path();
  const std::string path = folder.write("cruxeval.jsonl", kTwoRows);
  const auto refused = load_crux_output(options);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, StartsWith(path + ": not the official CRUXEval file"));
  EXPECT_THAT(refused.error().message, HasSubstr(kCruxSha256));

  options.data_file = path;
  const auto suite = load_crux_output(options);
  ASSERT_TRUE(suite) << suite.error().message;
  EXPECT_EQ(suite->dataset, path + " (not the official file)");
  EXPECT_NE(suite->dataset_sha256, kCruxSha256);
}

class CruxTwoRows : public testing::Test {
 protected:
  void SetUp() override { options_.data_file = folder_.write("two.jsonl", kTwoRows); }
  TestFolder folder_;
  SuiteOptions options_;
};

TEST_F(CruxTwoRows, OutputHalfAsksForTheValueAndNeverShowsIt) {
  const auto suite = load_crux_output(options_);
  ASSERT_TRUE(suite) << suite.error().message;
  ASSERT_EQ(suite->samples.size(), 2u);
  const Sample& sample = suite->samples[1];
  EXPECT_EQ(sample.id, "s_1");
  EXPECT_EQ(sample.suite, "crux-o");
  const auto& check = std::get<ExactLiteral>(sample.check);
  EXPECT_EQ(check.input, "'x', 'y'");
  EXPECT_EQ(check.expected, "'\xc3\xa9'");
  for (PromptForm form : {PromptForm::direct, PromptForm::cot}) {
    const Prompt& prompt = sample.prompt(form);
    EXPECT_THAT(prompt.stop, ElementsAre("[/ANSWER]"));
    ASSERT_EQ(prompt.messages.size(), 2u);
    EXPECT_EQ(prompt.messages[0].role, Role::system);
    EXPECT_EQ(prompt.messages[1].role, Role::user);
    EXPECT_THAT(prompt.messages[1].content,
                HasSubstr("[PYTHON]\n" + check.code + "\nassert f('x', 'y') == ?\?\n[/PYTHON]\n"));
  }
  EXPECT_THAT(sample.question, HasSubstr(check.code));
  EXPECT_THAT(sample.question, HasSubstr("f('x', 'y')"));
  EXPECT_THAT(sample.metadata, ElementsAre(std::pair<std::string, std::string>("type", "str")));
}

TEST_F(CruxTwoRows, InputHalfAsksForArgumentsAndNeverShowsThem) {
  const auto suite = load_crux_input(options_);
  ASSERT_TRUE(suite) << suite.error().message;
  const Sample& sample = suite->samples[0];
  EXPECT_EQ(sample.suite, "crux-i");
  const auto& check = std::get<PythonAssert>(sample.check);
  EXPECT_EQ(check.code, "def f(a):\n    return a + 1");
  EXPECT_EQ(check.expected, "3");
  for (PromptForm form : {PromptForm::direct, PromptForm::cot})
    EXPECT_THAT(sample.prompt(form).messages.back().content,
                HasSubstr(check.code + "\nassert f(?\?) == 3\n[/PYTHON]\n"));
  EXPECT_THAT(suite->samples[1].question, testing::Not(HasSubstr("'x'")));
}

TEST_F(CruxTwoRows, PlaceholdersInsideTheDataAreNotFilledAgain) {
  options_.data_file = folder_.write(
      "braces.jsonl",
      R"({"code": "def f(s):\n    return s + '{input}'", "input": "'{code}'", "output": "'{code}{input}'", "id": "b"})");
  const auto suite = load_crux_output(options_);
  ASSERT_TRUE(suite);
  EXPECT_THAT(suite->samples[0].direct.messages.back().content,
              HasSubstr("    return s + '{input}'\nassert f('{code}') == ?\?"));
}

TEST_F(CruxTwoRows, AnOverrideWithoutACodePlaceholderIsAnError) {
  options_.prompts_dir = folder_.path("prompts");
  const std::string path = folder_.write("prompts/crux.output.cot.txt", "f({input}) = ?");
  const auto suite = load_crux_output(options_);
  ASSERT_FALSE(suite);
  EXPECT_EQ(suite.error().message, path + ": the prompt has no {code}");
  EXPECT_TRUE(load_crux_input(options_));  // does not use that prompt
}

TEST(CruxMini, LoadsBothHalvesFromTheBinary) {
  const auto output = load_crux_mini_output({});
  const auto input = load_crux_mini_input({});
  ASSERT_TRUE(output) << output.error().message;
  ASSERT_TRUE(input) << input.error().message;
  EXPECT_EQ(output->dataset, "embedded");
  EXPECT_EQ(output->dataset_sha256, input->dataset_sha256);
  EXPECT_NE(output->prompts_sha256, input->prompts_sha256);
  EXPECT_EQ(output->samples[0].suite, "crux-mini-o");
  EXPECT_TRUE(std::holds_alternative<PythonAssert>(input->samples[0].check));
}

class CruxOfficial : public testing::Test {
 protected:
  void SetUp() override {
    const char* dir = std::getenv("EVALRUN_DATA");
    options_.data_dir = dir == nullptr ? "" : dir;
    if (!find_crux_file(options_)) GTEST_SKIP() << "no cruxeval/cruxeval.jsonl in $EVALRUN_DATA";
  }
  SuiteOptions options_;
};

TEST_F(CruxOfficial, Has800SamplesOfTheKnownKinds) {
  const auto suite = load_crux_output(options_);
  ASSERT_TRUE(suite) << suite.error().message;
  ASSERT_EQ(suite->samples.size(), 800u);
  EXPECT_EQ(suite->dataset_sha256, kCruxSha256);
  EXPECT_EQ(suite->samples[0].id, "sample_0");
  EXPECT_EQ(suite->samples[799].id, "sample_799");
  std::map<std::string, int> kinds;
  for (const Sample& sample : suite->samples) ++kinds[sample.metadata.at(0).second];
  // Counted by evaluating each output in CPython.
  const std::map<std::string, int> expected = {{"str", 371}, {"list", 197}, {"int", 97},
                                               {"dict", 67}, {"bool", 49},  {"tuple", 16},
                                               {"bytes", 2}, {"float", 1}};
  EXPECT_EQ(kinds, expected);
}

TEST_F(CruxOfficial, OneChangedByteIsNoticed) {
  const TestFolder folder;
  std::string bytes = read_file(*find_crux_file(options_)).value();
  bytes[bytes.find("nums")] = 'N';
  folder.write("cruxeval.jsonl", bytes);
  SuiteOptions changed;
  changed.cache_dir = folder.path();
  EXPECT_FALSE(load_crux_output(changed));
  changed.data_file = folder.path("cruxeval.jsonl");
  EXPECT_EQ(load_crux_output(changed).value().samples.size(), 800u);
}

}  // namespace
}  // namespace evalrun
