// evalrun show prompt SUITE ID, evalrun show calls DIR [SAMPLE].
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/config.h"
#include "harness/core/text.h"
#include "harness/open_run.h"
#include "harness/registry.h"
#include "harness/target.h"
#include "harness/verb.h"
#include "runners/local/local_model.h"

namespace evalrun {
namespace {

struct PromptQuery {
  std::string suite, id, form = "direct";
  bool rendered = false, json = false;
  Settings settings;
};

Result<Sample> find_sample(const PromptQuery& query) {
  const auto infos = find_suites({query.suite});
  if (!infos) return std::unexpected(infos.error());
  std::vector<std::string> ids;
  for (const SuiteInfo* info : *infos) {
    auto suite = info->load(suite_options(query.settings));
    if (!suite) return std::unexpected(suite.error());
    for (Sample& sample : suite->samples) {
      if (sample.id == query.id) return std::move(sample);
      ids.push_back(sample.id);
    }
  }
  return usage_error(fmt::format("show prompt: {} has no sample \"{}\"{}", query.suite,
                                 to_printable(query.id, true), did_you_mean(query.id, ids)));
}

Result<std::vector<Message>> messages_of(const Sample& sample, const std::string& form) {
  if (form == "question") return std::vector<Message>{{Role::user, sample.question}};
  PromptForm parsed;
  if (!parse(form, parsed))
    return usage_error("--form: \"" + to_printable(form, true) +
                       "\" is not one of direct, cot, question");
  return sample.prompt(parsed).messages;
}

// The prompts depend on the profile, which depends on the model's size.
Status resolve_profile(Settings& settings) {
  if (settings.prompt_profile != "auto") return {};
  const auto target = open_target(settings);
  if (!target) return std::unexpected(target.error());
  settings.prompt_profile = prompt_profile_for(*target);
  return {};
}

Result<int> print_prompt(PromptQuery query) {
  if (Status s = resolve_profile(query.settings); !s) return std::unexpected(s.error());
  const auto sample = find_sample(query);
  if (!sample) return std::unexpected(sample.error());
  const auto messages = messages_of(*sample, query.form);
  if (!messages) return std::unexpected(messages.error());
  if (query.json) {
    auto out = nlohmann::ordered_json::array();
    for (const Message& message : *messages)
      out.push_back({{"role", name(message.role)}, {"content", message.content}});
    fmt::print("{}\n", out.dump(2));
  } else if (query.rendered) {
    LocalOptions options;
    options.path = query.settings.model;
    const auto model = LocalModel::open(options);
    if (!model) return std::unexpected(model.error());
    fmt::print("{}", (*model)->render(*messages));
  } else {
    for (const Message& message : *messages) {
      fmt::print(stderr, "{} message, {} bytes:\n", name(message.role), message.content.size());
      std::fwrite(message.content.data(), 1, message.content.size(), stdout);
    }
  }
  return 0;
}

Result<int> show_prompt(const Arguments& arguments) {
  CLI::App app{
      "Print the exact bytes of a sample's prompt on stdout (roles and sizes go to stderr).",
      "evalrun show prompt"};
  PromptQuery query;
  app.add_option("suite", query.suite, "suite (evalrun list)")->required()->type_name("");
  app.add_option("id", query.id, "sample id, such as sample_12")->required()->type_name("");
  app.add_option("--form", query.form, "direct, cot, or question (what CePO plans with)")
      ->type_name("");
  app.add_flag("--rendered", query.rendered, "with the local model's chat template around it");
  app.add_flag("--json", query.json, "the messages as JSON");
  const auto flags = add_setting_flags(app);
  add_config_flag(app, *flags);
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const auto requested = resolve_settings(*flags, "");
  if (!requested) return std::unexpected(requested.error());
  query.settings = requested->settings;
  return print_prompt(std::move(query));
}

void print_call(const CallRecord& call) {
  const Completion& completion = call.completion;
  fmt::print("{}\n  {}, {} + {} tokens, {:.2f} s{}{}\n", to_printable(to_string(call.key), true),
             name(completion.finish), completion.usage.prompt, completion.usage.completion,
             double(completion.done_us - completion.scheduled_us) * 1e-6,
             completion.error.empty() ? "" : ": ", to_printable(completion.error, true));
  for (std::string_view line : split(completion.text, '\n'))
    fmt::print("  | {}\n", to_printable(line, true));
}

Result<int> show_calls(const Arguments& arguments) {
  CLI::App app{"Print what a run was answered, call by call.", "evalrun show calls"};
  std::string dir, sample;
  app.add_option("dir", dir, "run folder")->required()->type_name("");
  app.add_option("sample", sample, "only this sample id")->type_name("");
  const auto go = parse_arguments(app, arguments);
  if (!go || !*go) return go ? Result<int>(0) : std::unexpected(go.error());
  const auto folder = RunFolder::open(dir, RunFolder::Mode::read);
  if (!folder) return std::unexpected(folder.error());
  auto calls = (*folder)->calls();
  if (!calls) return std::unexpected(calls.error());
  std::sort(calls->begin(), calls->end(), [](const CallRecord& a, const CallRecord& b) {
    return a.completion.scheduled_us < b.completion.scheduled_us;
  });
  int shown = 0;
  for (const CallRecord& call : *calls) {
    if (!sample.empty() && call.key.sample != sample) continue;
    print_call(call);
    ++shown;
  }
  if (shown == 0 && !sample.empty())
    return usage_error("show calls: the run has no call of a sample \"" +
                       to_printable(sample, true) + "\"");
  return 0;
}

}  // namespace

Result<int> show_verb(const Arguments& arguments) {
  const std::string what = arguments.empty() ? "" : arguments.front();
  const Arguments rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  if (what == "prompt") return show_prompt(rest);
  if (what == "calls") return show_calls(rest);
  if (what == "--help" || what == "-h") {
    fmt::print(
        "evalrun show prompt SUITE ID   the exact prompt of a sample\n"
        "evalrun show calls DIR [ID]    what a run was answered, call by call\n"
        "Each has its own --help.\n");
    return 0;
  }
  const std::vector<std::string> known{"prompt", "calls"};
  return usage_error("show: \"" + to_printable(what, true) + "\" is not one of prompt, calls" +
                     did_you_mean(what, known));
}

}  // namespace evalrun
