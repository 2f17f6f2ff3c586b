// Feeds a body to a ResponseReader in pieces. For tests only.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "runners/remote/wire.h"

namespace evalrun::testing {

struct Response {
  Api api = Api::openai;
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::size_t piece_bytes = std::string::npos;
  bool whole = true;
};

inline WireResult read(const Response& response) {
  ResponseReader reader(response.api, response.status, response.content_type);
  const std::string_view body = response.body;
  const std::size_t piece = std::min(response.piece_bytes, body.size());
  for (std::size_t at = 0; at < body.size(); at += piece) reader.feed(body.substr(at, piece), 1);
  return reader.finish(response.whole);
}

inline WireResult read_stream(std::string body, Api api = Api::openai, bool whole = true) {
  return read(
      {.api = api, .content_type = "text/event-stream", .body = std::move(body), .whole = whole});
}

inline WireResult read_document(std::string body, Api api = Api::openai) {
  return read({.api = api, .body = std::move(body)});
}

inline std::string event(std::string_view data) { return "data: " + std::string(data) + "\n\n"; }

// A chunk of a chat completion.
inline std::string delta(std::string_view members, std::string_view finish_reason = "null") {
  return event(R"({"choices":[{"index":0,"delta":{)" + std::string(members) +
               R"(},"finish_reason":)" + std::string(finish_reason) + "}]}");
}

inline std::string done() { return event("[DONE]"); }

}  // namespace evalrun::testing
