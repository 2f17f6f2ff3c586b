#include "hw/llama/chat_template.h"

#include <fmt/format.h>

#include "harness/core/text.h"

namespace evalrun {
namespace {

using Messages = std::span<const Message>;
using Pieces = std::vector<TextPiece>;

void say(Pieces& out, std::string text) { out.push_back({std::move(text), true}); }
void quote(Pieces& out, std::string_view content) { out.push_back({std::string(content), false}); }

// Base models: what the user says, to be continued.
Pieces plain(Messages messages, const ChatTokens&) {
  Pieces out;
  for (const Message& m : messages) {
    if (!out.empty()) say(out, "\n\n");
    quote(out, m.content);
  }
  return out;
}

Pieces chatml(Messages messages, const ChatTokens&) {
  Pieces out;
  for (const Message& m : messages) {
    say(out, fmt::format("<|im_start|>{}\n", name(m.role)));
    quote(out, m.content);
    say(out, "<|im_end|>\n");
  }
  say(out, "<|im_start|>assistant\n");
  return out;
}

Pieces llama3(Messages messages, const ChatTokens&) {
  Pieces out;
  for (const Message& m : messages) {
    say(out, fmt::format("<|start_header_id|>{}<|end_header_id|>\n\n", name(m.role)));
    quote(out, strip(m.content));
    say(out, "<|eot_id|>");
  }
  say(out, "<|start_header_id|>assistant<|end_header_id|>\n\n");
  return out;
}

// Each exchange is a text of its own, from begin to end token.
Pieces llama2(Messages messages, const ChatTokens& tokens) {
  Pieces out;
  bool open = false;  // inside [INST]
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Message& m = messages[i];
    if (m.role == Role::assistant) {
      say(out, " ");
      quote(out, strip(m.content));
      say(out, " " + tokens.end + (i + 1 < messages.size() ? tokens.begin : ""));
      continue;
    }
    if (!open) say(out, "[INST] ");
    open = m.role == Role::system;
    if (open) say(out, "<<SYS>>\n");
    quote(out, open ? std::string_view(m.content) : strip(m.content));
    say(out, open ? "\n<</SYS>>\n\n" : " [/INST]");
  }
  return out;
}

// Mistral has no system role: its text goes before the first question.
Pieces mistral(Messages messages, const ChatTokens& tokens) {
  Pieces out;
  bool open = false;
  for (const Message& m : messages) {
    if (m.role == Role::assistant) {
      say(out, " ");
      quote(out, m.content);
      say(out, tokens.end);
      continue;
    }
    if (!open) say(out, "[INST] ");
    open = m.role == Role::system;
    quote(out, m.content);
    say(out, open ? "\n\n" : " [/INST]");
  }
  return out;
}

Pieces zephyr(Messages messages, const ChatTokens& tokens) {
  Pieces out;
  for (const Message& m : messages) {
    say(out, fmt::format("<|{}|>\n", name(m.role)));
    quote(out, m.content);
    say(out, tokens.end + "\n");
  }
  say(out, "<|assistant|>\n");
  return out;
}

// Version 1.1, one line.
Pieces vicuna(Messages messages, const ChatTokens& tokens) {
  Pieces out;
  for (const Message& m : messages) {
    if (m.role == Role::user) say(out, "USER: ");
    if (m.role == Role::assistant) say(out, "ASSISTANT: ");
    quote(out, m.content);
    say(out, m.role == Role::assistant ? tokens.end : " ");
  }
  say(out, "ASSISTANT:");
  return out;
}

Pieces alpaca(Messages messages, const ChatTokens&) {
  Pieces out;
  for (const Message& m : messages) {
    if (m.role == Role::user) say(out, "### Instruction:\n");
    if (m.role == Role::assistant) say(out, "### Response:\n");
    quote(out, m.content);
    say(out, "\n\n");
  }
  say(out, "### Response:\n");
  return out;
}

// The first whose marker is found; the more particular stand before the more general.
constexpr ChatTemplate kTemplates[] = {
    {"chatml", "<|im_start|>", chatml},     {"llama3", "<|start_header_id|>", llama3},
    {"llama2", "<<SYS>>", llama2},          {"mistral", "[INST]", mistral},
    {"zephyr", "<|user|>", zephyr},         {"vicuna", "USER: ", vicuna},
    {"alpaca", "### Instruction:", alpaca}, {"plain", "", plain},
};

}  // namespace

std::span<const ChatTemplate> chat_templates() { return kTemplates; }

const ChatTemplate* chat_template_named(std::string_view name) {
  for (const ChatTemplate& t : kTemplates) {
    if (t.name == name) return &t;
  }
  return nullptr;
}

Result<const ChatTemplate*> find_chat_template(std::string_view source_of_template,
                                               std::string_view source_name) {
  if (source_of_template.empty()) return chat_template_named("plain");
  std::string names;
  for (const ChatTemplate& t : kTemplates) {
    if (!t.marker.empty() && source_of_template.find(t.marker) != source_of_template.npos)
      return &t;
    names += fmt::format(" {}", t.name);
  }
  return input_error(fmt::format("{}: tokenizer.chat_template: none of those known; name one:{}",
                                 source_name, names));
}

}  // namespace evalrun
