// What OpenAI-compatible and Anthropic endpoints answer, well and badly, as replies of a
// FaultServer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/fault_server.h"

namespace evalrun {

// What every whole answer here says that it used.
constexpr int kReplyPromptTokens = 11;
constexpr int kReplyCompletionTokens = 7;

// One JSON document: "chat.completion" of OpenAI, "message" of Anthropic.
Reply completion_reply(std::string_view text);
Reply anthropic_reply(std::string_view text);

// The same as a stream: first the role, then the text in `pieces` (at most its bytes) that come
// `gap_ms` after each other, the finish reason, the usage, [DONE] (message_stop). One SSE event is
// one piece of the reply, so that cut_after(reply, n) keeps n events.
Reply sse_reply(std::string_view text, int pieces = 3, int gap_ms = 0);
Reply anthropic_sse_reply(std::string_view text, int pieces = 3, int gap_ms = 0);

Reply models_reply(const std::vector<std::string>& ids);

// A document {"error": {"message", "type", "code"}} (the wording of OpenAI).
Reply error_reply(int status, std::string_view message, std::string_view code = "");
Reply json_reply(int status, std::string json);
Reply with_header(Reply reply, std::string name, std::string value);

// Bytes that are not HTTP.
Reply garbage_reply(std::string bytes);

// The first `pieces` pieces of it, then FIN, RST or silence. What HTTP says about the length stays.
Reply cut_after(Reply reply, std::size_t pieces, Ending ending = Ending::cut);
// The body in pieces of one byte that come `gap_ms` after each other, the first 200 of it.
Reply slow_loris(Reply reply, int gap_ms);

// The text that answer() gives: sha256_hex(body), so that every request has an answer of its own
// and a test that finds it in a journal knows which request was answered.
std::string answer_text(const FaultRequest& request);
// The whole answer to a request, in the words of the API that its path names, streamed if it asks.
Reply answer(const FaultRequest& request);

}  // namespace evalrun
