#include "tasks/prompts.h"

#include "harness/core/text.h"

namespace evalrun {

Result<PromptSet> load_task_prompts(const SuiteOptions& options,
                                    std::span<const std::string_view> names) {
  return PromptSet::load("tasks/prompts/", names, options.profile, options.prompts_dir);
}

std::vector<Message> fill_messages(const PromptSet& prompts, std::string_view system,
                                   std::string_view name, Values values) {
  std::vector<Message> messages;
  if (const std::string_view text = prompts.get(system); !text.empty())
    messages.push_back({Role::system, std::string(text)});
  messages.push_back({Role::user, fill_template(prompts.get(name), values)});
  return messages;
}

}  // namespace evalrun
