#include "runners/remote/providers.h"

#include <algorithm>
#include <array>

namespace evalrun {
namespace {

// max_completion_tokens: where max_tokens is deprecated (OpenAI's reasoning models refuse it).
WireOptions new_name_of_max_tokens() {
  WireOptions wire;
  wire.max_tokens_field = "max_completion_tokens";
  return wire;
}

WireOptions without_seed(Api api) {
  WireOptions wire;
  wire.api = api;
  wire.sends_seed = false;
  return wire;
}

using Table = std::array<Provider, 11>;

// From each provider's API reference, as of 2026-11.
const Table& table() {
  static const Table kTable{{
      {"openai", "https://api.openai.com/v1", "OPENAI_API_KEY", true, "OpenAI",
       new_name_of_max_tokens()},
      {"anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY", true,
       "Anthropic's Messages API; takes no seed", without_seed(Api::anthropic)},
      {"cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY", true,
       "Cerebras; reports its own queue and token times", new_name_of_max_tokens()},
      {"together", "https://api.together.xyz/v1", "TOGETHER_API_KEY", true, "Together AI", {}},
      {"fireworks",
       "https://api.fireworks.ai/inference/v1",
       "FIREWORKS_API_KEY",
       true,
       "Fireworks AI",
       {}},
      {"groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY", true,
       "Groq; reports its own queue and token times", new_name_of_max_tokens()},
      {"openrouter",
       "https://openrouter.ai/api/v1",
       "OPENROUTER_API_KEY",
       true,
       "OpenRouter; passes on to many providers",
       {}},
      {"deepseek", "https://api.deepseek.com", "DEEPSEEK_API_KEY", true, "DeepSeek; takes no seed",
       without_seed(Api::openai)},
      {"ollama", "http://localhost:11434/v1", "", false, "Ollama on this machine", {}},
      {"vllm", "http://localhost:8000/v1", "", false, "vLLM on this machine", {}},
      {"llama-server",
       "http://localhost:8080/v1",
       "",
       false,
       "llama.cpp's server on this machine",
       {}},
  }};
  return kTable;
}

}  // namespace

std::span<const Provider> providers() { return table(); }

const Provider* find_provider(std::string_view name) {
  const auto found = std::find_if(table().begin(), table().end(),
                                  [&](const Provider& one) { return one.name == name; });
  return found == table().end() ? nullptr : &*found;
}

}  // namespace evalrun
