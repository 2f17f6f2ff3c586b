#include "runners/strategies/cepo_prompts.h"

#include <utility>

#include "harness/core/check.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

struct PromptField {
  std::string_view name;
  std::string CepoPrompts::*text;
  std::vector<std::string_view> placeholders;
};

const std::vector<PromptField>& prompt_fields() {
  static const std::vector<PromptField> fields = {
      {"cepo.plan", &CepoPrompts::plan, {"{question}"}},
      {"cepo.plan_approach", &CepoPrompts::plan_approach, {"{question}", "{approach}"}},
      {"cepo.execute", &CepoPrompts::execute, {}},
      {"cepo.review", &CepoPrompts::review, {"{question}", "{responses}", "{count}"}},
      {"cepo.final", &CepoPrompts::final, {"{task}", "{solution}"}},
      {"cepo.rate_absolute", &CepoPrompts::rate_absolute, {"{question}", "{response}"}},
      {"cepo.rate_pairwise",
       &CepoPrompts::rate_pairwise,
       {"{question}", "{response_0}", "{response_1}"}},
      {"cepo.diversity", &CepoPrompts::diversity, {"{question}", "{count}"}},
  };
  return fields;
}

// The contents of the messages of one role, with blank lines between.
std::string join_role(const std::vector<Message>& messages, Role role) {
  std::string joined;
  for (const Message& message : messages) {
    if (message.role != role) continue;
    if (!joined.empty()) joined += "\n\n";
    joined += message.content;
  }
  return joined;
}

}  // namespace

std::span<const std::string_view> cepo_prompt_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const PromptField& field : prompt_fields()) all.push_back(field.name);
    return all;
  }();
  return names;
}

Result<CepoPrompts> make_cepo_prompts(
    const std::function<std::string_view(std::string_view name)>& text_of) {
  CepoPrompts prompts;
  for (const PromptField& field : prompt_fields()) {
    std::string& text = prompts.*field.text;
    text = text_of(field.name);
    if (strip(text).empty()) return input_error(std::string(field.name) + ": the text is empty");
    for (std::string_view placeholder : field.placeholders) {
      if (text.find(placeholder) == std::string::npos)
        return input_error(std::string(field.name) + ": " + std::string(placeholder) +
                           " is missing");
    }
  }
  return prompts;
}

CepoMessages::CepoMessages(const CepoPrompts& prompts, const Sample& sample)
    : prompts_(prompts),
      question_(sample.question),
      system_(join_role(sample.direct.messages, Role::system)),
      task_(join_role(sample.direct.messages, Role::user)) {}

std::vector<Message> CepoMessages::user_turn(std::string content) const {
  std::vector<Message> messages;
  if (!system_.empty()) messages.push_back({Role::system, system_});
  messages.push_back({Role::user, std::move(content)});
  return messages;
}

std::vector<Message> CepoMessages::plan(std::string_view approach) const {
  if (approach.empty()) return user_turn(fill_template(prompts_.plan, {{"question", question_}}));
  return user_turn(
      fill_template(prompts_.plan_approach, {{"question", question_}, {"approach", approach}}));
}

std::vector<Message> CepoMessages::execute(std::vector<Message> plan_turn, std::string plan) const {
  plan_turn.push_back({Role::assistant, std::move(plan)});
  plan_turn.push_back({Role::user, prompts_.execute});
  return plan_turn;
}

std::vector<Message> CepoMessages::review(std::span<const std::string> executions) const {
  CHECK(!executions.empty());
  std::string responses;
  for (std::size_t i = 0; i < executions.size(); ++i) {
    if (i > 0) responses += "\n\n";
    responses += "Response " + std::to_string(i + 1) + ":\n" + executions[i];
  }
  return user_turn(fill_template(prompts_.review, {{"question", question_},
                                                   {"responses", responses},
                                                   {"count", std::to_string(executions.size())}}));
}

std::vector<Message> CepoMessages::final(std::string_view solution) const {
  return user_turn(fill_template(prompts_.final, {{"task", task_}, {"solution", solution}}));
}

std::vector<Message> CepoMessages::rate_absolute(std::string_view response) const {
  return user_turn(
      fill_template(prompts_.rate_absolute, {{"question", question_}, {"response", response}}));
}

std::vector<Message> CepoMessages::rate_pairwise(std::string_view first,
                                                 std::string_view second) const {
  return user_turn(
      fill_template(prompts_.rate_pairwise,
                    {{"question", question_}, {"response_0", first}, {"response_1", second}}));
}

std::vector<Message> CepoMessages::diversity(int count) const {
  return user_turn(fill_template(prompts_.diversity,
                                 {{"question", question_}, {"count", std::to_string(count)}}));
}

}  // namespace evalrun
