#include "tasks/lcb_prompts.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "harness/core/check.h"
#include "harness/core/text.h"
#include "tasks/prompts.h"

namespace evalrun {
namespace {

using Names = std::vector<std::string_view>;
using Placeholders = std::initializer_list<std::string_view>;

// The texts that a scenario needs in a style, so that no other can change the prompts' hash.
Names code_names(const LcbStyle& style) {
  Names names = {"lcb.code.question.stdin", "lcb.code.question.starter"};
  if (!style.system_name.empty()) names.push_back(style.system_name);
  if (style.one_shot) {
    names.insert(names.end(),
                 {"lcb.code.base.stdin", "lcb.code.base.starter", "lcb.code.base.think"});
    return names;
  }
  names.insert(names.end(), {style.code_name, "lcb.code.starter", "lcb.code.think"});
  names.push_back(style.asks_for_main ? "lcb.code.main" : "lcb.code.stdin");
  return names;
}

Names names_of(LcbScenario scenario, const LcbStyle& style) {
  switch (scenario) {
    case LcbScenario::code:
      return code_names(style);
    case LcbScenario::exec:
      return {"lcb.exec.system", "lcb.exec.direct", "lcb.exec.cot", "lcb.exec.question"};
    case LcbScenario::testgen:
      return {"lcb.testgen.system", "lcb.testgen.turn", "lcb.testgen.think",
              "lcb.testgen.question"};
    case LcbScenario::repair:
      break;
  }
  return {"lcb.repair.system",  "lcb.repair.turn",  "lcb.repair.think", "lcb.repair.question",
          "lcb.repair.compile", "lcb.repair.wrong", "lcb.repair.time",  "lcb.repair.runtime",
          "lcb.repair.failed",  "lcb.code.stdin"};
}

// What an override must still hold, or the model would be asked about nothing.
struct Needed {
  std::string_view name;
  Placeholders placeholders;
};

Status require_all(const PromptSet& texts, const Names& names) {
  static const Needed kNeeded[] = {
      {"lcb.code.sections", {"question", "format"}},
      {"lcb.code.plain", {"question", "format"}},
      {"lcb.code.starter", {"starter"}},
      {"lcb.code.base.stdin", {"question"}},
      {"lcb.code.base.starter", {"question", "starter"}},
      {"lcb.code.question.stdin", {"question"}},
      {"lcb.code.question.starter", {"question", "starter"}},
      {"lcb.exec.direct", {"code", "call"}},
      {"lcb.exec.cot", {"code", "call"}},
      {"lcb.exec.question", {"code", "call"}},
      {"lcb.testgen.turn", {"question", "function", "arguments"}},
      {"lcb.testgen.question", {"question", "function", "arguments"}},
      {"lcb.repair.turn", {"question", "code", "verdict"}},
      {"lcb.repair.question", {"question", "code", "verdict"}},
  };
  for (const Needed& needed : kNeeded)
    if (std::ranges::find(names, needed.name) != names.end())
      if (auto ok = texts.require(needed.name, needed.placeholders); !ok) return ok;
  return {};
}

std::string joined_lines(std::string_view text) {
  std::string out;
  for (std::string_view line : split(text, '\n'))
    out += (out.empty() ? "" : ", ") + std::string(line);
  return out;
}

void trim_end(std::string& text) { text.erase(text.find_last_not_of(" \t\r\n") + 1); }

}  // namespace

Result<LcbPrompts> LcbPrompts::load(const SuiteOptions& options, LcbScenario scenario) {
  const auto style = find_lcb_style(options.lcb.style);
  if (!style) return std::unexpected(style.error());
  if (scenario == LcbScenario::repair && (*style)->one_shot)
    return usage_error("lcb-repair cannot be asked in the style \"" + options.lcb.style +
                       "\": a base model has no turn to be told of its mistake in");
  const Names names = names_of(scenario, **style);
  auto texts = load_task_prompts(options, names);
  if (!texts) return std::unexpected(texts.error());
  if (auto ok = require_all(*texts, names); !ok) return std::unexpected(ok.error());
  return LcbPrompts(scenario, **style, *std::move(texts));
}

CodeFence LcbPrompts::fence() const {
  const bool program = scenario_ == LcbScenario::code || scenario_ == LcbScenario::repair;
  if (style_->fence == CodeFence::none && !program) return CodeFence::backticks;
  return style_->fence;
}

std::string LcbPrompts::fill(
    std::string_view name,
    std::initializer_list<std::pair<std::string_view, std::string_view>> values) const {
  const bool tags = fence() == CodeFence::python_tag;
  // In two passes the values of the first would be searched by the second; the fence holds no
  // brace, so it goes first, into the prompt's own text.
  const std::string fenced = fill_template(
      texts_.get(name),
      {{"open", tags ? "[PYTHON]" : "```python"}, {"close", tags ? "[/PYTHON]" : "```"}});
  return fill_template(fenced, values);
}

Prompt LcbPrompts::compose(std::string_view system_name, std::string turn) const {
  Prompt prompt;
  if (style_->trims_end) trim_end(turn);
  const std::string system = system_name.empty() ? "" : fill(system_name, {});
  if (system.empty() || style_->system == LcbSystem::none) {
    prompt.messages = {{Role::user, std::move(turn)}};
  } else if (style_->system == LcbSystem::message) {
    prompt.messages = {{Role::system, system}, {Role::user, std::move(turn)}};
  } else {
    const char* gap = style_->system == LcbSystem::line ? "\n" : "\n\n";
    prompt.messages = {{Role::user, system + gap + turn}};
  }
  return prompt;
}

LcbAsked LcbPrompts::code(const LcbProblem& problem) const {
  CHECK(scenario_ == LcbScenario::code);
  const bool starter = !problem.starter_code.empty();
  const std::string one_shot_name =
      std::string(style_->code_name) + (starter ? ".starter" : ".stdin");
  const auto ask = [&](std::string_view think) {
    if (style_->one_shot) {
      Prompt prompt = compose("", fill(one_shot_name, {{"question", problem.content},
                                                       {"starter", problem.starter_code},
                                                       {"think", think}}));
      prompt.stop = {"### Question"};  // where it begins to invent the next problem
      return prompt;
    }
    const std::string format =
        starter ? fill("lcb.code.starter", {{"starter", problem.starter_code}})
                : fill(style_->asks_for_main ? "lcb.code.main" : "lcb.code.stdin", {});
    return compose(style_->system_name,
                   fill(style_->code_name,
                        {{"question", problem.content}, {"format", format}, {"think", think}}));
  };
  const std::string think = fill(style_->one_shot ? "lcb.code.base.think" : "lcb.code.think", {});
  const std::string_view question =
      starter ? "lcb.code.question.starter" : "lcb.code.question.stdin";
  return {ask(""), ask(think),
          fill(question, {{"question", problem.content}, {"starter", problem.starter_code}})};
}

LcbAsked LcbPrompts::exec(const LcbExecRow& row) const {
  CHECK(scenario_ == LcbScenario::exec);
  const auto text = [&](std::string_view name) {
    return fill(name, {{"code", row.code}, {"call", row.input}});
  };
  const auto ask = [&](std::string_view name) {
    const bool message = style_->system == LcbSystem::message;
    Prompt prompt = compose(message ? "lcb.exec.system" : "", text(name));
    // Where the next problem would begin. Not at [/ANSWER]: the official extraction takes a value
    // of several lines only if it sees that tag.
    prompt.stop = {"[PYTHON]"};
    return prompt;
  };
  return {ask("lcb.exec.direct"), ask("lcb.exec.cot"), text("lcb.exec.question")};
}

LcbAsked LcbPrompts::testgen(const LcbTestgenRow& row) const {
  CHECK(scenario_ == LcbScenario::testgen);
  const std::string arguments = joined_lines(row.test.input);
  const auto text = [&](std::string_view name, std::string_view think) {
    return fill(name, {{"question", row.problem.content},
                       {"starter", row.problem.starter_code},
                       {"function", row.problem.func_name},
                       {"arguments", arguments},
                       {"think", think}});
  };
  const auto ask = [&](std::string_view think) {
    return compose("lcb.testgen.system", text("lcb.testgen.turn", think));
  };
  return {ask(""), ask(fill("lcb.testgen.think", {})), text("lcb.testgen.question", "")};
}

std::string LcbPrompts::verdict(const LcbFailure& failure) const {
  std::string_view name = "lcb.repair.failed";
  if (failure.error_code == -1) name = "lcb.repair.compile";
  if (failure.has_test && failure.error_code == -2) name = "lcb.repair.wrong";
  if (failure.has_test && failure.error_code == -3) name = "lcb.repair.time";
  if (failure.has_test && failure.error_code == -4) name = "lcb.repair.runtime";
  return fill(name, {{"error", failure.error},
                     {"input", failure.inputs},
                     {"output", failure.output},
                     {"expected", failure.expected}});
}

LcbAsked LcbPrompts::repair(const LcbProblem& problem, const LcbAttempt& attempt) const {
  CHECK(scenario_ == LcbScenario::repair && !attempt.right);
  const std::string why = verdict(attempt.failure);
  const std::string format = fill("lcb.code.stdin", {});
  const auto text = [&](std::string_view name, std::string_view think) {
    return fill(name, {{"question", problem.content},
                       {"code", attempt.code},
                       {"verdict", why},
                       {"format", format},
                       {"think", think}});
  };
  const auto ask = [&](std::string_view think) {
    return compose("lcb.repair.system", text("lcb.repair.turn", think));
  };
  return {ask(""), ask(fill("lcb.repair.think", {})), text("lcb.repair.question", "")};
}

std::span<const std::string_view> lcb_prompt_names() {
  static const std::vector<std::string_view> names = [] {
    std::set<std::string_view> all;
    for (const LcbStyle& style : lcb_prompt_styles())
      for (const LcbScenario scenario :
           {LcbScenario::code, LcbScenario::exec, LcbScenario::testgen, LcbScenario::repair})
        for (std::string_view name : names_of(scenario, style)) all.insert(name);
    return std::vector<std::string_view>(all.begin(), all.end());
  }();
  return names;
}

}  // namespace evalrun
