// Conversations as the text that a model was trained on. Model files hold their template as a
// program in a template language (Jinja); here is a table of the few that Llama-architecture models
// use, recognised by a marker in that program.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "harness/core/types.h"
#include "hw/llama/tokenizer.h"

namespace evalrun {

struct ChatTokens {  // texts of special tokens that templates contain
  std::string begin;
  std::string end;
};

struct ChatTemplate {
  std::string_view name;
  std::string_view marker;  // in tokenizer.chat_template; "" = none recognises it
  // Pieces up to where the assistant's answer begins, without the begin token in front, which the
  // tokenizer puts there. What the template says is special, what messages say is not.
  std::vector<TextPiece> (*render)(std::span<const Message> messages, const ChatTokens& tokens);
};

// By marker; "plain" for a file without a template. Error: a template that is none of the table.
Result<const ChatTemplate*> find_chat_template(std::string_view source_of_template,
                                               std::string_view source_name);
// By name; nullptr if unknown.
const ChatTemplate* chat_template_named(std::string_view name);

std::span<const ChatTemplate> chat_templates();

}  // namespace evalrun
