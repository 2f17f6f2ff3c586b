// Anthropic's Messages API, whole or as the documented events of a stream. Unknown events, blocks
// and deltas are passed over, as its documentation asks.
#include <algorithm>

#include "runners/remote/wire_parts.h"

namespace evalrun {
namespace {

using Type = JsonValue::Type;

// input_tokens leaves out what the cache gave or took; the numbers of later events are cumulative,
// so an event that knows less of the prompt changes nothing.
WireFailure read_usage(JsonValue usage, WireAnswer& answer) {
  if (!usage.is_given()) return {};
  if (!usage.is(Type::object)) return protocol_error("usage is not an object");
  std::int64_t input = 0, read = 0, written = 0;
  if (auto failure = read_count(usage, "input_tokens", input)) return failure;
  if (auto failure = read_count(usage, "cache_read_input_tokens", read)) return failure;
  if (auto failure = read_count(usage, "cache_creation_input_tokens", written)) return failure;
  if (auto failure = read_count(usage, "output_tokens", answer.usage.completion)) return failure;
  answer.usage.prompt = std::max(answer.usage.prompt, input + read + written);
  answer.usage.cached = std::max(answer.usage.cached, read);
  return {};
}

// https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons; what is none of
// these (end_turn, stop_sequence, tool_use, pause_turn) is the model's own end.
WireFailure read_stop_reason(JsonValue reason, WireAnswer& answer) {
  if (!reason.is_given()) return {};
  if (!reason.is(Type::string)) return protocol_error("stop_reason is not a string");
  const std::string word = reason.text();
  if (word == "max_tokens" || word == "model_context_window_exceeded")
    answer.finish = Finish::length;
  else if (word == "refusal")
    answer.finish = Finish::refused;
  else
    answer.finish = Finish::stop;
  return {};
}

// A content block, or the delta of one.
WireFailure read_block(JsonValue block, std::string_view path, WireAnswer& answer) {
  if (!block.is(Type::object)) return protocol_error(std::string(path) + " is not an object");
  const std::string type = block["type"].text();
  if (type == "text" || type == "text_delta")
    return append_string(block["text"], path, ".text", answer.content);
  if (type == "thinking" || type == "thinking_delta")
    return append_string(block["thinking"], path, ".thinking", answer.reasoning);
  return {};
}

WireFailure read_message_start(JsonValue message, WireAnswer& answer) {
  if (!message.is(Type::object)) return protocol_error("message_start without a message");
  answer.has_choice = true;
  return read_usage(message["usage"], answer);
}

WireFailure read_message_delta(JsonValue root, WireAnswer& answer) {
  if (auto failure = read_stop_reason(root["delta"]["stop_reason"], answer)) return failure;
  return read_usage(root["usage"], answer);
}

}  // namespace

WireFailure read_anthropic_event(JsonValue root, WireAnswer& answer) {
  if (!root["type"].is(Type::string)) return protocol_error("an event without a type");
  const std::string type = root["type"].text();
  if (type == "message_start") return read_message_start(root["message"], answer);
  if (type == "content_block_start")
    return read_block(root["content_block"], "content_block", answer);
  if (type == "content_block_delta") return read_block(root["delta"], "delta", answer);
  if (type == "message_delta") return read_message_delta(root, answer);
  if (type == "message_stop") answer.is_over = true;
  return {};
}

WireFailure read_anthropic_document(JsonValue root, WireAnswer& answer) {
  const JsonValue content = root["content"];
  if (!content.is_given()) return protocol_error("content is missing");
  if (!content.is(Type::array)) return protocol_error("content is not an array");
  WireFailure failure;
  content.for_each_element([&](JsonValue block) {
    if (!failure) failure = read_block(block, "content[]", answer);
  });
  if (failure) return failure;
  if (auto bad = read_stop_reason(root["stop_reason"], answer)) return bad;
  if (!answer.finish) return protocol_error("stop_reason is missing");
  answer.has_choice = true;
  return read_usage(root["usage"], answer);
}

}  // namespace evalrun
