#include "tests/fault_replies.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/core/hash.h"

namespace evalrun {

namespace {

using nlohmann::json;

json openai_usage() {
  return {{"prompt_tokens", kReplyPromptTokens},
          {"completion_tokens", kReplyCompletionTokens},
          {"total_tokens", kReplyPromptTokens + kReplyCompletionTokens}};
}

json anthropic_usage() {
  return {{"input_tokens", kReplyPromptTokens}, {"output_tokens", kReplyCompletionTokens}};
}

// Part i of n, all of nearly one length.
std::string part(std::string_view text, int i, int n) {
  const std::size_t begin = text.size() * std::size_t(i) / std::size_t(n);
  const std::size_t end = text.size() * std::size_t(i + 1) / std::size_t(n);
  return std::string(text.substr(begin, end - begin));
}

Reply stream() {
  Reply reply;
  reply.headers = {{"Content-Type", "text/event-stream"}};
  reply.framing = Framing::chunked;
  return reply;
}

void add_event(Reply& reply, const json& data, int delay_ms = 0, std::string_view event = "") {
  const std::string name = event.empty() ? "" : "event: " + std::string(event) + "\n";
  reply.pieces.push_back({name + "data: " + data.dump() + "\n\n", delay_ms});
}

json chunk(const json& delta, const json& finish) {
  return {{"id", "chatcmpl-1"},
          {"object", "chat.completion.chunk"},
          {"model", "mock"},
          {"choices", {{{"index", 0}, {"delta", delta}, {"finish_reason", finish}}}}};
}

}  // namespace

Reply json_reply(int status, std::string document) {
  Reply reply;
  reply.status = status;
  reply.headers = {{"Content-Type", "application/json"}};
  reply.pieces = {{std::move(document), 0}};
  return reply;
}

Reply completion_reply(std::string_view text) {
  const json message{{"role", "assistant"}, {"content", text}};
  return json_reply(
      200, json{{"id", "chatcmpl-1"},
                {"object", "chat.completion"},
                {"model", "mock"},
                {"choices", {{{"index", 0}, {"message", message}, {"finish_reason", "stop"}}}},
                {"usage", openai_usage()}}
               .dump());
}

Reply anthropic_reply(std::string_view text) {
  return json_reply(200, json{{"id", "msg_1"},
                              {"type", "message"},
                              {"role", "assistant"},
                              {"model", "mock"},
                              {"content", {{{"type", "text"}, {"text", text}}}},
                              {"stop_reason", "end_turn"},
                              {"stop_sequence", nullptr},
                              {"usage", anthropic_usage()}}
                             .dump());
}

Reply sse_reply(std::string_view text, int pieces, int gap_ms) {
  Reply reply = stream();
  add_event(reply, chunk({{"role", "assistant"}, {"content", ""}}, nullptr));
  for (int i = 0; i < pieces; ++i)
    add_event(reply, chunk({{"content", part(text, i, pieces)}}, nullptr), gap_ms);
  add_event(reply, chunk(json::object(), "stop"));
  json usage = chunk(json::object(), nullptr);
  usage["choices"] = json::array();
  usage["usage"] = openai_usage();
  add_event(reply, usage);
  reply.pieces.push_back({"data: [DONE]\n\n", 0});
  return reply;
}

Reply anthropic_sse_reply(std::string_view text, int pieces, int gap_ms) {
  Reply reply = stream();
  const auto add = [&reply](const json& data, int delay_ms = 0) {
    add_event(reply, data, delay_ms, data["type"].get<std::string>());
  };
  add({{"type", "message_start"},
       {"message",
        {{"id", "msg_1"},
         {"type", "message"},
         {"role", "assistant"},
         {"model", "mock"},
         {"content", json::array()},
         {"stop_reason", nullptr},
         {"usage", {{"input_tokens", kReplyPromptTokens}, {"output_tokens", 1}}}}}});
  add({{"type", "content_block_start"},
       {"index", 0},
       {"content_block", {{"type", "text"}, {"text", ""}}}});
  for (int i = 0; i < pieces; ++i)
    add({{"type", "content_block_delta"},
         {"index", 0},
         {"delta", {{"type", "text_delta"}, {"text", part(text, i, pieces)}}}},
        gap_ms);
  add({{"type", "content_block_stop"}, {"index", 0}});
  add({{"type", "message_delta"},
       {"delta", {{"stop_reason", "end_turn"}, {"stop_sequence", nullptr}}},
       {"usage", {{"output_tokens", kReplyCompletionTokens}}}});
  add({{"type", "message_stop"}});
  return reply;
}

Reply models_reply(const std::vector<std::string>& ids) {
  json data = json::array();
  for (const std::string& id : ids) data.push_back({{"id", id}, {"object", "model"}});
  return json_reply(200, json{{"object", "list"}, {"data", data}}.dump());
}

Reply error_reply(int status, std::string_view message, std::string_view code) {
  return json_reply(
      status,
      json{{"error", {{"message", message}, {"type", "mock_error"}, {"code", code}}}}.dump());
}

Reply with_header(Reply reply, std::string name, std::string value) {
  reply.headers.emplace_back(std::move(name), std::move(value));
  return reply;
}

Reply garbage_reply(std::string bytes) {
  Reply reply;
  reply.framing = Framing::bare;
  reply.pieces = {{std::move(bytes), 0}};
  return reply;
}

Reply cut_after(Reply reply, std::size_t pieces, Ending ending) {
  if (reply.framing == Framing::length && !reply.content_length) {
    reply.content_length = 0;
    for (const ReplyPiece& piece : reply.pieces)
      *reply.content_length += std::int64_t(piece.bytes.size());
  }
  reply.pieces.resize(std::min(pieces, reply.pieces.size()));
  reply.ending = ending;
  return reply;
}

Reply slow_loris(Reply reply, int gap_ms) {
  constexpr std::size_t kBytes = 200;
  std::string body;
  for (const ReplyPiece& piece : reply.pieces) body += piece.bytes;
  reply.pieces.clear();
  for (std::size_t i = 0; i < std::min(kBytes, body.size()); ++i)
    reply.pieces.push_back({body.substr(i, 1), gap_ms});
  if (body.size() > kBytes) reply.pieces.push_back({body.substr(kBytes), gap_ms});
  return reply;
}

std::string answer_text(const FaultRequest& request) { return sha256_hex(request.body); }

Reply answer(const FaultRequest& request) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) return error_reply(400, "the body is no JSON object");
  const bool streams = body.value("stream", false);
  const std::string text = answer_text(request);
  if (request.path.ends_with("/messages"))
    return streams ? anthropic_sse_reply(text) : anthropic_reply(text);
  return streams ? sse_reply(text) : completion_reply(text);
}

}  // namespace evalrun
