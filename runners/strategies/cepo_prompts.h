// What CePO says to the model: its prompt texts, and the message lists made from them. Pure.
//
// Every list is [system?] user (assistant user)*, which strict chat templates accept: the system
// message is the task's own, and review, final and rating are one user turn each.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "harness/core/types.h"

namespace evalrun {

// One text a step. In braces: its placeholders, each of which it must hold.
struct CepoPrompts {
  std::string plan;           // {question}
  std::string plan_approach;  // {question} {approach}
  std::string execute;        // none; the plan is the turn before
  std::string review;         // {question} {responses} {count}
  std::string final;          // {task} {solution}
  std::string rate_absolute;  // {question} {response}
  std::string rate_pairwise;  // {question} {response_0} {response_1}
  std::string diversity;      // {question} {count}
};

// {"cepo.plan", …}: the names of the texts, "NAME.txt" in a prompt profile's folder.
std::span<const std::string_view> cepo_prompt_names();

// `text_of` is asked once for each of cepo_prompt_names(). Error: a text without one of its
// placeholders, such as `cepo.plan: {question} is missing`.
Result<CepoPrompts> make_cepo_prompts(
    const std::function<std::string_view(std::string_view name)>& text_of);

// The texts of one sample's calls. Texts of the model are put in as they are: placeholders in them
// stay text. Views and references are only read during the calls.
class CepoMessages {
 public:
  CepoMessages(const CepoPrompts& prompts, const Sample& sample);

  // An empty approach: the plain plan.
  std::vector<Message> plan(std::string_view approach) const;
  // The conversation so far (`plan_turn`), the plan that came back, and the request to execute it.
  std::vector<Message> execute(std::vector<Message> plan_turn, std::string plan) const;
  // {responses} is "Response 1:\n…\n\nResponse 2:\n…".
  std::vector<Message> review(std::span<const std::string> executions) const;
  // {task} is the direct prompt's user messages with blank lines between: only this step sees the
  // words about the answer's format.
  std::vector<Message> final(std::string_view solution) const;
  std::vector<Message> rate_absolute(std::string_view response) const;
  std::vector<Message> rate_pairwise(std::string_view first, std::string_view second) const;
  std::vector<Message> diversity(int count) const;

 private:
  std::vector<Message> user_turn(std::string content) const;

  const CepoPrompts& prompts_;
  const std::string question_;
  const std::string system_;  // "": the task has none
  const std::string task_;
};

}  // namespace evalrun
