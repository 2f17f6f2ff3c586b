// The network against what others computed: a trained model by the reference program, the embedded
// model by the trainer, and against itself in other batches.
#include "hw/llama/forward.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/core/hash.h"
#include "harness/core/text.h"
#include "hw/llama/chat_template.h"
#include "hw/llama/llama_model.h"
#include "hw/llama/mapped_model.h"
#include "hw/llama/test_model.h"

namespace evalrun {
namespace {

// One sequence through a model of its own.
class Single {
 public:
  Single(const LlamaModel& model, std::size_t context, int threads = 1)
      : parallel_(threads),
        cache_(model.config.layers, model.config.kv_width(), KvCache::blocks_for(context)),
        forward_(model.config, model.weights, cache_, parallel_, context) {}

  // Logits after the last of these tokens, which are read in one step.
  std::vector<float> read(const std::vector<int>& tokens) {
    cache_.reserve(sequence_, tokens.size());
    std::vector<StepRow> rows;
    for (int token : tokens) {
      rows.push_back({token, sequence_.length + rows.size(), &sequence_, false});
    }
    rows.back().wants_logits = true;
    const auto logits = forward_.run(rows);
    sequence_.length += tokens.size();
    return {logits.begin(), logits.end()};
  }

 private:
  Parallel parallel_;
  KvCache cache_;
  Forward forward_;
  KvSequence sequence_;
};

int likeliest(const std::vector<float>& logits) {
  return int(std::ranges::max_element(logits) - logits.begin());
}

class Stories : public ::testing::TestWithParam<std::pair<const char*, double>> {};

// 200 greedy positions of the reference C program in float32; in F16 the weights are rounded.
TEST_P(Stories, LogitsOfTheReferenceProgram) {
  const char* root = std::getenv("EVALRUN_DATA");
  const std::string weights = std::string(root ? root : "") + "/weights/";
  const std::string path = weights + "stories260K." + GetParam().first + ".gguf";
  if (!root || !std::filesystem::exists(path)) GTEST_SKIP() << "EVALRUN_DATA has no " << path;
  const auto file = MappedModel::open(path);
  ASSERT_TRUE(file);
  const auto model = load_llama((*file)->bytes(), path);
  ASSERT_TRUE(model) << model.error().message;

  std::istringstream numbers(*read_file(weights + "stories260K.greedy200.tokens.txt"));
  const std::vector<int> tokens{std::istream_iterator<int>(numbers), {}};
  const std::string raw = *read_file(weights + "stories260K.greedy200.logits.f32le.bin");
  std::vector<float> expected(raw.size() / 4);
  std::memcpy(expected.data(), raw.data(), raw.size());
  ASSERT_EQ(expected.size(), 200u * 512);
  ASSERT_GE(tokens.size(), 200u);

  Single single(*model, 200);
  double worst = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const std::vector<float> logits = single.read({tokens[i]});
    for (std::size_t k = 0; k < 512; ++k) {
      worst = std::max(worst, std::abs(double(logits[k]) - expected[i * 512 + k]));
    }
    if (std::strcmp(GetParam().first, "f32") == 0 && i + 1 < tokens.size()) {
      EXPECT_EQ(likeliest(logits), tokens[i + 1]) << i;
    }
  }
  EXPECT_LT(worst, GetParam().second);
  RecordProperty("worst", std::to_string(worst));
}

INSTANTIATE_TEST_SUITE_P(Types, Stories,
                         ::testing::Values(std::pair{"f32", 1e-4}, std::pair{"F16", 0.1}),
                         [](const auto& info) { return info.param.first; });

TEST(EmbeddedModel, ReadsPromptsAsItsTrainerDoes) {
  const std::string folder = EVALRUN_SOURCE_DIR "/hw/llama/tiny/";
  if (!std::filesystem::exists(folder + "golden.json")) GTEST_SKIP() << "no golden.json yet";
  const auto golden = nlohmann::json::parse(*read_file(folder + "golden.json"));
  const auto file = MappedModel::open(folder + golden["model"].get<std::string>());
  const auto model = load_llama((*file)->bytes(), "embedded");
  ASSERT_TRUE(model) << model.error().message;
  const auto chat = find_chat_template(model->chat_template, "embedded");
  ASSERT_TRUE(chat) << chat.error().message;
  for (const auto& prompt : golden["prompts"]) {
    std::vector<Message> messages;
    for (const auto& m : prompt["messages"]) {
      messages.push_back({Role::user, m["content"]});
      ASSERT_TRUE(parse(m["role"].get<std::string>(), messages.back().role));
    }
    const auto ids = model->tokenizer.encode((*chat)->render(messages, {}), true);
    EXPECT_EQ(ids, prompt["prompt_ids"].get<std::vector<int>>()) << prompt["name"];
  }
}

TEST(EmbeddedModel, SaysWhatItsTrainerComputed) {
  const std::string folder = EVALRUN_SOURCE_DIR "/hw/llama/tiny/";
  if (!std::filesystem::exists(folder + "golden.json")) GTEST_SKIP() << "no golden.json yet";
  const auto golden = nlohmann::json::parse(*read_file(folder + "golden.json"));
  const std::string path = folder + golden["model"].get<std::string>();
  ASSERT_EQ(*sha256_file(path), golden["sha256"].get<std::string>())
      << "golden.json is of another file";
  const auto file = MappedModel::open(path);
  const auto model = load_llama((*file)->bytes(), path);
  ASSERT_TRUE(model) << model.error().message;
  for (const auto& prompt : golden["prompts"]) {
    SCOPED_TRACE(prompt["name"].get<std::string>());
    Single single(*model, 1024);
    std::vector<float> logits = single.read(prompt["prompt_ids"]);
    for (const auto& top : prompt["top5"]) {
      EXPECT_NEAR(logits[top["id"].get<std::size_t>()], top["logit"].get<double>(), 1e-3);
    }
    for (int id : prompt["reply_ids"].get<std::vector<int>>()) {
      ASSERT_EQ(likeliest(logits), id);
      logits = single.read({id});
    }
    EXPECT_EQ(model->tokenizer.is_end(likeliest(logits)), prompt["ended"].get<bool>());
  }
}

class ForwardInvariance : public ::testing::TestWithParam<NumberType> {};

// A prompt in one step, token by token, or on several threads: the same bits.
TEST_P(ForwardInvariance, ThePromptsPiecesDoNotMatter) {
  testing::TestShape shape;
  shape.width = 64, shape.hidden = 160;
  const std::string bytes = testing::random_llama(GetParam(), shape);
  const auto model = load_llama(testing::as_bytes(bytes), "m");
  ASSERT_TRUE(model) << model.error().message;
  std::vector<int> prompt;
  for (int i = 0; i < 45; ++i) prompt.push_back((i * 37 + 11) % 262);
  Single at_once(*model, 64), one_by_one(*model, 64), on_threads(*model, 64, 4);
  const std::vector<float> expected = at_once.read(prompt);
  EXPECT_EQ(on_threads.read(prompt), expected);
  std::vector<float> logits;
  for (int token : prompt) logits = one_by_one.read({token});
  EXPECT_EQ(logits, expected);
}

INSTANTIATE_TEST_SUITE_P(Types, ForwardInvariance,
                         ::testing::Values(NumberType::f32, NumberType::f16, NumberType::q8_0,
                                           NumberType::bf16),
                         [](const auto& info) { return std::string(name(info.param)); });

}  // namespace
}  // namespace evalrun
