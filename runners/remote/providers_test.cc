#include "runners/remote/providers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace evalrun {
namespace {

TEST(Providers, HaveEveryNameOfTheIssueOnce) {
  std::multiset<std::string> names;
  for (const Provider& provider : providers()) names.emplace(provider.name);
  EXPECT_THAT(names, testing::ElementsAre("anthropic", "cerebras", "deepseek", "fireworks", "groq",
                                          "llama-server", "ollama", "openai", "openrouter",
                                          "together", "vllm"));
}

TEST(Providers, AreFoundByName) {
  for (const Provider& provider : providers())
    EXPECT_EQ(find_provider(provider.name), &provider) << provider.name;
  EXPECT_EQ(find_provider("cerebra"), nullptr);
  EXPECT_EQ(find_provider(""), nullptr);
}

// A key sent over plain HTTP could be read on the way; on this machine none is needed.
TEST(Providers, KeysTravelOverHttpsOnly) {
  for (const Provider& provider : providers()) {
    EXPECT_EQ(provider.needs_key, provider.base_url.starts_with("https://")) << provider.name;
    EXPECT_EQ(provider.needs_key, !provider.key_env.empty()) << provider.name;
    EXPECT_FALSE(provider.base_url.ends_with('/')) << provider.name;
  }
}

TEST(Providers, SpeakTheirDialect) {
  Request request;
  request.messages = {{Role::user, "Hi"}};
  const auto body = [&](std::string_view name) {
    return request_body(find_provider(name)->wire, request);
  };
  for (const char* name : {"openai", "cerebras", "groq"})
    EXPECT_NE(body(name).find("\"max_completion_tokens\":1024"), std::string::npos) << name;
  for (const char* name : {"anthropic", "together", "deepseek", "vllm", "ollama", "llama-server"})
    EXPECT_NE(body(name).find("\"max_tokens\":1024"), std::string::npos) << name;
  for (const char* name : {"anthropic", "deepseek"})
    EXPECT_EQ(body(name).find("seed"), std::string::npos) << name;
  for (const char* name : {"openai", "cerebras", "groq", "vllm", "ollama", "llama-server"})
    EXPECT_NE(body(name).find("\"seed\":0"), std::string::npos) << name;
}

}  // namespace
}  // namespace evalrun
