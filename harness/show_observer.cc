#include "harness/show_observer.h"

#include <fmt/core.h>

#include <string>

#include "harness/core/text.h"

namespace evalrun {
namespace {

std::string indented(std::string_view text) {
  std::string out;
  for (std::string_view line : split(text, '\n')) {
    out += "\n    ";
    out += line;
  }
  return out;
}

}  // namespace

ShowLevel parse_show_level(std::string_view text) {
  if (text == "full") return ShowLevel::full;
  return text == "steps" ? ShowLevel::steps : ShowLevel::thinking;
}

void ShowObserver::started(const Request&, std::string_view step) { progress_.set_status(step); }

void ShowObserver::finished(const Request& request, std::string_view step,
                            const Completion& completion, bool replayed) {
  if (!replayed) progress_.add_tokens(completion.usage.completion);
  if (level_ == ShowLevel::thinking) return;
  std::string line =
      fmt::format("{}  {}  {} + {} tokens  {}{}", to_printable(to_string(request.key), true), step,
                  completion.usage.prompt, completion.usage.completion, name(completion.finish),
                  replayed ? "  (from the journal)" : "");
  if (!completion.error.empty()) line += "  " + to_printable(completion.error, true);
  if (level_ == ShowLevel::full) {
    for (const Message& message : request.messages)
      line +=
          fmt::format("\n  > {}:{}", name(message.role), indented(to_printable(message.content)));
    line += "\n  < reply:" + indented(to_printable(completion.text));
  }
  progress_.say(line);
}

}  // namespace evalrun
