#include "tasks/lcb_style.h"

#include <string>
#include <vector>

#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr std::string_view kExpert = "lcb.code.system";
constexpr std::string_view kSections = "lcb.code.sections";
constexpr std::string_view kPlain = "lcb.code.plain";

LcbStyle sections(std::string_view name, std::string_view official, LcbSystem system) {
  return {.name = name,
          .official = official,
          .system = system,
          .system_name = kExpert,
          .code_name = kSections};
}

LcbStyle plain(std::string_view name, std::string_view official, std::string_view system_name) {
  return {.name = name, .official = official, .system_name = system_name, .code_name = kPlain};
}

std::vector<LcbStyle> make_styles() {
  LcbStyle reason = sections("openai-reason", "OpenAIReason", LcbSystem::turn);
  reason.asks_for_main = true;
  LcbStyle claude = sections("claude", "Claude3, Claude3Thinking", LcbSystem::message);
  claude.trims_end = true;
  LcbStyle gemini = sections("gemini", "Gemini", LcbSystem::line);
  gemini.system_name = "lcb.code.gemini.system";
  LcbStyle base;
  base.name = "generic-base";
  base.official = "GenericBase";
  base.system = LcbSystem::none;
  base.code_name = "lcb.code.base";
  base.one_shot = true;
  base.fence = CodeFence::none;
  LcbStyle codellama = sections("codellama", "CodeLLaMaInstruct", LcbSystem::message);
  codellama.fence = CodeFence::python_tag;
  return {
      sections("openai-chat", "OpenAIChat, DeepSeekAPI, TogetherAI, CohereCommand, MistralWeb",
               LcbSystem::message),
      sections("openai-reason-preview", "OpenAIReasonPreview, Grok", LcbSystem::turn),
      reason,
      claude,
      gemini,
      sections("llama3", "LLaMa3", LcbSystem::message),
      plain("codeqwen", "CodeQwenInstruct", "lcb.code.codeqwen.system"),
      plain("qwq", "QwQ", "lcb.code.qwq.system"),
      plain("deepseek-r1", "DeepSeekR1", "lcb.code.deepseek-r1.system"),
      base,
      codellama,
  };
}

}  // namespace

std::span<const LcbStyle> lcb_prompt_styles() {
  static const std::vector<LcbStyle> styles = make_styles();
  return styles;
}

Result<const LcbStyle*> find_lcb_style(std::string_view name) {
  std::vector<std::string> names;
  for (const LcbStyle& style : lcb_prompt_styles()) {
    if (style.name == name) return &style;
    names.emplace_back(style.name);
  }
  return usage_error("no LiveCodeBench prompt style \"" + std::string(name) + "\"" +
                     did_you_mean(name, names));
}

}  // namespace evalrun
