// A loopback HTTP/1.1 server for tests of clients: it answers what a function tells it to, piece by
// piece, and fails in every way a real endpoint does. What usual answers look like:
// fault_replies.h.
//
//   FaultServer server([](const FaultRequest& request) {
//     return request.before == 0 ? error_reply(503, "busy") : answer(request);
//   });
//   … client talks to server.url("/v1") …
//   EXPECT_EQ(server.counts().begin()->second.answered, 1);
//
// One thread with epoll owns every connection and calls the handler; 10,000 connections cost it
// some 20 MB. Timers are a heap of (time, connection). No HTTP/2, no TLS (nginx_server.h has both),
// no request bodies without a Content-Length.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace evalrun {

using FaultHeaders = std::vector<std::pair<std::string, std::string>>;

struct FaultRequest {
  int serial = 0;        // of all requests, from 0
  int before = 0;        // how many with this very body came before
  std::string method;    // "POST"
  std::string path;      // "/v1/chat/completions"
  FaultHeaders headers;  // names in lower case
  std::string body;
  // The first header of that (lower-case) name; "" = none.
  std::string header(std::string_view name) const;
};

struct ReplyPiece {
  std::string bytes;
  int delay_ms = 0;  // before it
};

// How the body is delimited.
enum class Framing {
  length,        // Content-Length
  chunked,       // a chunk a piece
  broken_chunk,  // chunked, and the size of the last piece's chunk is no number
  until_close,   // neither: the end of the connection is the end of the body
  bare,          // no status line and no headers at all: the pieces are what is sent
};

// What follows the last piece.
enum class Ending {
  whole,  // as HTTP has it; the connection is kept (but after until_close and bare)
  cut,    // FIN, and of a chunked body no last chunk
  reset,  // RST
  stall,  // nothing more, and the connection stays open
};

struct Reply {
  int status = 200;
  FaultHeaders headers;  // besides those of the framing
  int delay_ms = 0;      // before the status line
  std::vector<ReplyPiece> pieces;
  Framing framing = Framing::length;
  Ending ending = Ending::whole;
  std::optional<std::int64_t> content_length;  // what is said instead of the truth
  bool is_answer = true;  // false: whole for HTTP, but no answer (truncated JSON); see Count
  // Sent when so many replies with this field wait (itself too): so many calls in flight at once.
  int wait_for = 0;
};

// The bytes of a reply on the wire, in order: the head, and what becomes of each piece.
std::vector<ReplyPiece> wire_pieces(const Reply& reply);

class FaultServer {
 public:
  // Called on the server's thread, one at a time.
  using Handler = std::function<Reply(const FaultRequest&)>;

  explicit FaultServer(Handler handler);
  ~FaultServer();  // ends every connection

  // "http://127.0.0.1:PORT" and `path`.
  std::string url(std::string_view path = "") const;
  int port() const;

  struct Count {  // of requests with one body
    int received = 0;
    // Given to the system in full, with status 200, the ending that HTTP has, and Reply::is_answer.
    int answered = 0;
  };
  struct Totals {
    int requests = 0;
    int answered = 0;  // as Count has it
    int connections = 0;
    int open = 0;  // connections now
    int open_max = 0;
    int in_flight = 0;  // requests that are being answered now
    int in_flight_max = 0;
    std::int64_t received_bytes = 0;
    std::int64_t sent_bytes = 0;
  };
  // Copies of what was counted until now. Thread-safe.
  std::map<std::string, Count> counts() const;  // by sha256_hex(body)
  Totals totals() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
  std::jthread thread_;  // last: it uses all above
};

// Raises this process's limit of open files (its children inherit it) to at least `wanted`. False
// where the system does not allow it.
bool raise_open_files(std::int64_t wanted);

}  // namespace evalrun
