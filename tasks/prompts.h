// What the suites share when they turn a task into prompts.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

#include "harness/core/types.h"
#include "harness/core/prompt_set.h"
#include "tasks/suite.h"

namespace evalrun {

// The prompts `names` of the profile and folder that the options name.
Result<PromptSet> load_task_prompts(const SuiteOptions& options,
                                    std::span<const std::string_view> names);

using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// One user message from `name`, after a system message from `system` if that one is not empty.
std::vector<Message> fill_messages(const PromptSet& prompts, std::string_view system,
                                   std::string_view name, Values values);

}  // namespace evalrun
