// What servers that speak OpenAI's dialects answer: chat completions and (legacy) completions,
// whole or in chunks. The documented members are in the provider's OpenAPI description; the others
// are named with who sends them.
#include <algorithm>
#include <cmath>

#include "runners/remote/wire_parts.h"

namespace evalrun {
namespace {

using Type = JsonValue::Type;

// Seconds or milliseconds to microseconds; 0 of what is no sane time.
std::int64_t to_us(JsonValue time, double us_a_unit) {
  constexpr double kMaxUs = 1e15;
  const double us = time.number().value_or(0) * us_a_unit;
  return us > 0 && us < kMaxUs ? std::llround(us) : 0;
}

// Cerebras' time_info, Groq's usage: seconds.
void read_times_in_seconds(JsonValue from, ServerTimes& server) {
  if (!from["total_time"].is(Type::number) && !from["completion_time"].is(Type::number)) return;
  server.queue_us = to_us(from["queue_time"], 1e6);
  server.prompt_us = to_us(from["prompt_time"], 1e6);
  server.completion_us = to_us(from["completion_time"], 1e6);
  server.total_us = to_us(from["total_time"], 1e6);
}

// llama-server's timings: milliseconds, and no total.
void read_times_in_ms(JsonValue timings, ServerTimes& server) {
  if (!timings.is(Type::object)) return;
  server.prompt_us = to_us(timings["prompt_ms"], 1e3);
  server.completion_us = to_us(timings["predicted_ms"], 1e3);
  server.total_us = server.prompt_us + server.completion_us;
}

std::int64_t count_of(JsonValue value) { return value.count().value_or(0); }

// Cached prompt tokens: OpenAI's detail, DeepSeek's, or the flat one of Together and others.
std::int64_t cached_tokens(JsonValue usage) {
  return std::max({count_of(usage["prompt_tokens_details"]["cached_tokens"]),
                   count_of(usage["prompt_cache_hit_tokens"]), count_of(usage["cached_tokens"])});
}

WireFailure read_usage(JsonValue usage, WireAnswer& answer) {
  if (!usage.is_given()) return {};
  if (!usage.is(Type::object)) return protocol_error("usage is not an object");
  Usage read;
  std::int64_t total = 0;
  if (auto failure = read_count(usage, "prompt_tokens", read.prompt)) return failure;
  if (auto failure = read_count(usage, "completion_tokens", read.completion)) return failure;
  if (auto failure = read_count(usage, "total_tokens", total)) return failure;
  read.cached = std::min(cached_tokens(usage), read.prompt);
  read.reasoning = count_of(usage["completion_tokens_details"]["reasoning_tokens"]);
  // xAI counts thinking beside the completion: then only all three make up the total.
  const bool is_beside = total > 0 ? total == read.prompt + read.completion + read.reasoning
                                   : read.reasoning > read.completion;
  if (is_beside) read.completion += read.reasoning;
  read.reasoning = std::min(read.reasoning, read.completion);
  answer.usage = read;
  read_times_in_seconds(usage, answer.server);  // Groq's
  return {};
}

// What stands beside the choices.
WireFailure read_account(JsonValue root, WireAnswer& answer) {
  const JsonValue usage = root["usage"];
  if (auto failure = read_usage(usage.is_given() ? usage : root["x_groq"]["usage"], answer))
    return failure;
  read_times_in_seconds(root["time_info"], answer.server);  // Cerebras'
  read_times_in_ms(root["timings"], answer.server);         // llama-server's
  return {};
}

bool has_account(JsonValue root) {
  for (const char* member : {"usage", "x_groq", "time_info", "timings"})
    if (root[member].is_given()) return true;
  return false;
}

// Why the answer ended; what is neither of these (tool_calls, eos, stop …) is the model's own end.
WireFailure read_finish(JsonValue reason, WireAnswer& answer) {
  if (!reason.is_given()) return {};
  if (!reason.is(Type::string)) return protocol_error("finish_reason is not a string");
  const std::string word = reason.text();
  if (word.empty()) return {};
  // The server gave up, not the model: DeepSeek's word, then vLLM's, then OpenRouter's.
  if (word == "insufficient_system_resource" || word == "abort" || word == "error") {
    WireError error = protocol_error("the server broke the answer off: finish_reason " + word);
    error.kind = word[0] == 'i' ? WireErrorKind::overloaded : WireErrorKind::server;
    error.code = word;
    return error;
  }
  if (word == "length" || word == "max_tokens" || word == "model_length")
    answer.finish = Finish::length;
  else if (word == "content_filter" || word == "safety")
    answer.finish = Finish::refused;
  else
    answer.finish = Finish::stop;
  return {};
}

// Mistral's thinking part: a string, or a list of text parts.
WireFailure read_thinking_part(JsonValue thinking, WireAnswer& answer) {
  if (!thinking.is(Type::array)) return append_string(thinking, "thinking", "", answer.reasoning);
  WireFailure failure;
  thinking.for_each_element([&](JsonValue part) {
    if (!failure) failure = append_string(part["text"], "thinking", ".text", answer.reasoning);
  });
  return failure;
}

WireFailure read_part(JsonValue part, WireAnswer& answer) {
  const std::string type = part["type"].text();
  if (type == "thinking") return read_thinking_part(part["thinking"], answer);
  if (type == "refusal")
    return append_string(part["refusal"], "content", ".refusal", answer.refusal);
  return append_string(part["text"], "content", ".text", answer.content);
}

// A string, null, or a list of parts.
WireFailure read_content(JsonValue content, std::string_view path, WireAnswer& answer) {
  if (!content.is(Type::array)) return append_string(content, path, ".content", answer.content);
  WireFailure failure;
  content.for_each_element([&](JsonValue part) {
    if (!failure) failure = read_part(part, answer);
  });
  return failure;
}

// A message or a delta. Some servers send the same thinking under both names: one counts.
WireFailure read_message(JsonValue message, std::string_view path, WireAnswer& answer) {
  const JsonValue long_name = message["reasoning_content"];  // DeepSeek, vLLM, xAI, llama-server
  const JsonValue reasoning = long_name.is_given() ? long_name : message["reasoning"];
  if (auto failure = append_string(reasoning, path, ".reasoning", answer.reasoning)) return failure;
  if (auto failure = append_string(message["refusal"], path, ".refusal", answer.refusal))
    return failure;
  return read_content(message["content"], path, answer);
}

// Where a choice holds its text.
struct Shape {
  bool is_chunk;
  std::string_view member;
  std::string_view path;
};
constexpr Shape kMessage{false, "message", "choices[0].message"};
constexpr Shape kDelta{true, "delta", "choices[0].delta"};
constexpr Shape kText{false, "text", "choices[0].text"};
constexpr Shape kTextChunk{true, "text", "choices[0].text"};

WireFailure read_body(JsonValue body, const Shape& shape, WireAnswer& answer) {
  if (shape.member == "text") return append_string(body, shape.path, "", answer.content);
  if (!body.is(Type::object)) return protocol_error(std::string(shape.path) + " is not an object");
  return read_message(body, shape.path, answer);
}

WireFailure read_choice(JsonValue choice, const Shape& shape, WireAnswer& answer) {
  if (!choice.is(Type::object)) return protocol_error("choices[0] is not an object");
  answer.has_choice = true;
  const JsonValue body = choice[shape.member], reason = choice["finish_reason"];
  if (body.is_given()) {
    if (auto failure = read_body(body, shape, answer)) return failure;
  } else if (!shape.is_chunk || !reason.is_given()) {  // the last chunk may be a reason alone
    return protocol_error(std::string(shape.path) + " is missing");
  }
  return read_finish(reason, answer);
}

// Of several choices only the one of index 0.
WireFailure read_choices(JsonValue choices, const Shape& shape, WireAnswer& answer) {
  if (!choices.is(Type::array)) return protocol_error("choices is not an array");
  WireFailure failure;
  choices.for_each_element([&](JsonValue choice) {
    const bool is_ours = choice["index"].number().value_or(0) == 0;
    if (is_ours && !failure) failure = read_choice(choice, shape, answer);
  });
  return failure;
}

}  // namespace

WireFailure read_openai_document(JsonValue root, Api api, WireAnswer& answer) {
  const JsonValue choices = root["choices"];
  if (!choices.is_given()) return protocol_error("choices is missing");
  const Shape& shape = api == Api::openai ? kMessage : kText;
  if (auto failure = read_choices(choices, shape, answer)) return failure;
  if (!answer.has_choice) return protocol_error("choices is empty");
  if (!answer.finish) return protocol_error("choices[0].finish_reason is missing");
  return read_account(root, answer);
}

WireFailure read_openai_chunk(JsonValue root, Api api, WireAnswer& answer) {
  const JsonValue choices = root["choices"];
  if (choices.is_given()) {
    const Shape& shape = api == Api::openai ? kDelta : kTextChunk;
    if (auto failure = read_choices(choices, shape, answer)) return failure;
  } else if (!has_account(root)) {
    return protocol_error("a chunk without choices");
  }
  return read_account(root, answer);
}

}  // namespace evalrun
