#include "tests/fault_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <mutex>
#include <queue>
#include <unordered_map>

#include "harness/core/check.h"
#include "harness/core/hash.h"

namespace evalrun {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kStopId = 0, kListenId = 1, kFirstConnectionId = 2;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  return out;
}

// Takes a whole request from the front of `in`; none while bytes are missing.
std::optional<FaultRequest> take_request(std::string& in) {
  const std::size_t head_end = in.find("\r\n\r\n");
  if (head_end == std::string::npos) return std::nullopt;
  FaultRequest request;
  std::size_t body_size = 0;
  for (std::size_t at = 0; at < head_end;) {
    const std::size_t end = in.find("\r\n", at);
    const std::string_view line = std::string_view(in).substr(at, end - at);
    if (at == 0) {
      const std::size_t space = line.find(' ');
      request.method = line.substr(0, space);
      request.path = line.substr(space + 1, line.rfind(' ') - space - 1);
    } else if (const std::size_t colon = line.find(':'); colon != line.npos) {
      const std::size_t value = line.find_first_not_of(' ', colon + 1);
      request.headers.emplace_back(lower(line.substr(0, colon)),
                                   value == line.npos ? "" : line.substr(value));
    }
    at = end + 2;
  }
  const std::string size = request.header("content-length");
  std::from_chars(size.data(), size.data() + size.size(), body_size);
  if (in.size() < head_end + 4 + body_size) return std::nullopt;
  request.body = in.substr(head_end + 4, body_size);
  in.erase(0, head_end + 4 + body_size);
  return request;
}

std::string hex(std::size_t n) {
  char digits[16];
  return std::string(digits, std::to_chars(digits, digits + sizeof digits, n, 16).ptr);
}

std::string head_of(const Reply& reply) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Reply\r\n";
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  if (reply.framing == Framing::length) {
    std::int64_t size = 0;
    for (const ReplyPiece& piece : reply.pieces) size += std::int64_t(piece.bytes.size());
    head += "Content-Length: " + std::to_string(reply.content_length.value_or(size)) + "\r\n";
  } else if (reply.framing == Framing::until_close) {
    head += "Connection: close\r\n";
  } else {
    head += "Transfer-Encoding: chunked\r\n";
  }
  return head + "\r\n";
}

bool keeps_connection(const Reply& reply) {
  return reply.framing == Framing::length || reply.framing == Framing::chunked;
}

bool answers_whole(const Reply& reply) {
  return reply.is_answer && reply.status == 200 && reply.ending == Ending::whole &&
         !reply.content_length && reply.framing != Framing::broken_chunk &&
         reply.framing != Framing::bare;
}

int listen_on_loopback() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  CHECK(fd >= 0);
  CHECK(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  CHECK(::listen(fd, 16'384) == 0);
  return fd;
}

int port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  CHECK(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return ::ntohs(address.sin_port);
}

struct Connection {
  std::uint64_t id = 0;  // never used again, so that a late timer finds nothing
  int fd = -1;
  std::string in;   // read, not yet a request
  std::string out;  // to be sent
  bool wants_out = false;

  // The reply under way.
  bool is_busy = false;
  Reply reply;
  std::string body_sha256;
  std::vector<ReplyPiece> wire;
  std::size_t next = 0;   // of wire
  bool must_wait = true;  // the delay of the next is not yet begun
};

}  // namespace

std::string FaultRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return "";
}

std::vector<ReplyPiece> wire_pieces(const Reply& reply) {
  std::vector<ReplyPiece> wire = reply.pieces;
  if (reply.framing == Framing::bare) return wire;
  if (reply.framing == Framing::chunked || reply.framing == Framing::broken_chunk) {
    for (ReplyPiece& piece : wire)
      piece.bytes = hex(piece.bytes.size()) + "\r\n" + piece.bytes + "\r\n";
    if (reply.framing == Framing::broken_chunk)
      wire.push_back({"zz\r\n", 0});
    else if (reply.ending == Ending::whole)
      wire.push_back({"0\r\n\r\n", 0});
  }
  wire.insert(wire.begin(), {head_of(reply), reply.delay_ms});
  return wire;
}

// All of it but stop(), counts() and totals() is the server thread's.
class FaultServer::Loop {
 public:
  explicit Loop(Handler handler)
      : handler_(std::move(handler)),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        stop_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        listen_(listen_on_loopback()),
        port_(port_of(listen_)) {
    CHECK(epoll_ >= 0 && stop_ >= 0);
    watch(EPOLL_CTL_ADD, stop_, kStopId, EPOLLIN);
    watch(EPOLL_CTL_ADD, listen_, kListenId, EPOLLIN);
  }
  ~Loop() {
    for (const auto& [id, connection] : connections_) ::close(connection.fd);
    for (const int fd : {listen_, stop_, epoll_}) ::close(fd);
  }

  void stop() const { CHECK(::eventfd_write(stop_, 1) == 0); }
  int port() const { return port_; }
  std::map<std::string, Count> counts() const {
    const std::lock_guard lock(mu_);
    return counts_;
  }
  Totals totals() const {
    const std::lock_guard lock(mu_);
    return totals_;
  }

  void run() {
    std::vector<epoll_event> events(1024);
    while (true) {
      const int n = ::epoll_wait(epoll_, events.data(), int(events.size()), wait_ms());
      for (int i = 0; i < n; ++i) {
        const std::uint64_t id = events[i].data.u64;
        if (id == kStopId) return;
        if (id == kListenId)
          accept_all();
        else if (Connection* connection = find(id))
          on_event(*connection, events[i].events);
      }
      fire_timers();
    }
  }

 private:
  struct Timer {
    Clock::time_point at;
    std::uint64_t id;
    bool operator>(const Timer& other) const { return at > other.at; }
  };

  void watch(int what, int fd, std::uint64_t id, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    CHECK(::epoll_ctl(epoll_, what, fd, &event) == 0);
  }

  Connection* find(std::uint64_t id) {
    const auto found = connections_.find(id);
    return found == connections_.end() ? nullptr : &found->second;
  }

  void accept_all() {
    int fd;
    while ((fd = ::accept4(listen_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
      const int one = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      const std::uint64_t id = next_id_++;
      Connection& connection = connections_[id];
      connection.id = id;
      connection.fd = fd;
      watch(EPOLL_CTL_ADD, fd, id, EPOLLIN);
      const std::lock_guard lock(mu_);
      ++totals_.connections;
      totals_.open_max = std::max(totals_.open_max, ++totals_.open);
    }
    CHECK(errno == EAGAIN || errno == ECONNABORTED || errno == EINTR);  // not: too many open files
  }

  void on_event(Connection& connection, std::uint32_t events) {
    const std::uint64_t id = connection.id;
    if ((events & EPOLLOUT) != 0) advance(connection);
    Connection* still = find(id);  // a reply may have ended it
    if (still != nullptr && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(*still);
  }

  void read(Connection& connection) {
    char bytes[16'384];
    const ssize_t n = ::recv(connection.fd, bytes, sizeof bytes, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) return close(connection);
    {
      const std::lock_guard lock(mu_);
      totals_.received_bytes += n;
    }
    connection.in.append(bytes, std::size_t(n));
    if (!connection.is_busy) start_next(connection);
  }

  void start_next(Connection& connection) {
    std::optional<FaultRequest> request = take_request(connection.in);
    if (!request) return;
    connection.is_busy = true;
    connection.body_sha256 = sha256_hex(request->body);
    {
      const std::lock_guard lock(mu_);
      request->serial = totals_.requests++;
      request->before = counts_[connection.body_sha256].received++;
      totals_.in_flight_max = std::max(totals_.in_flight_max, ++totals_.in_flight);
    }
    connection.reply = handler_(*request);
    connection.wire = wire_pieces(connection.reply);
    connection.next = 0;
    connection.must_wait = true;
    if (connection.reply.wait_for == 0) return advance(connection);
    waiting_.push_back(connection.id);
    if (int(waiting_.size()) < connection.reply.wait_for) return;
    for (const std::uint64_t id : std::exchange(waiting_, {}))
      if (Connection* waiting = find(id)) advance(*waiting);
  }

  // Sends what may be sent now; a delay or a full socket ends it until the timer or epoll calls
  // again.
  void advance(Connection& connection) {
    while (connection.is_busy) {
      if (!flush(connection)) return;
      if (connection.next == connection.wire.size()) return end_reply(connection);
      ReplyPiece& piece = connection.wire[connection.next];
      if (connection.must_wait && piece.delay_ms > 0) {
        connection.must_wait = false;
        timers_.push({Clock::now() + std::chrono::milliseconds(piece.delay_ms), connection.id});
        return;
      }
      connection.out += piece.bytes;
      connection.must_wait = true;
      ++connection.next;
    }
  }

  // True when all of `out` is with the system. False: later, or the connection is gone.
  bool flush(Connection& connection) {
    while (!connection.out.empty()) {
      const ssize_t n =
          ::send(connection.fd, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
      if (n < 0 && errno != EAGAIN) return close(connection), false;
      if (n < 0) return set_wants_out(connection, true), false;
      connection.out.erase(0, std::size_t(n));
      const std::lock_guard lock(mu_);
      totals_.sent_bytes += n;
    }
    set_wants_out(connection, false);
    return true;
  }

  void set_wants_out(Connection& connection, bool wants) const {
    if (wants == connection.wants_out) return;
    connection.wants_out = wants;
    watch(EPOLL_CTL_MOD, connection.fd, connection.id,
          wants ? EPOLLIN | EPOLLOUT : std::uint32_t(EPOLLIN));
  }

  void end_reply(Connection& connection) {
    const Reply& reply = connection.reply;
    if (reply.ending == Ending::stall) return;  // busy until the client goes
    if (answers_whole(reply)) {
      const std::lock_guard lock(mu_);
      ++counts_[connection.body_sha256].answered;
      ++totals_.answered;
    }
    if (reply.ending == Ending::reset) {
      const linger now{1, 0};  // close() then sends RST, not FIN
      ::setsockopt(connection.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    if (reply.ending != Ending::whole || !keeps_connection(reply)) return close(connection);
    set_idle(connection);
    start_next(connection);  // the next one may have come meanwhile
  }

  void set_idle(Connection& connection) {
    if (!connection.is_busy) return;
    connection.is_busy = false;
    const std::lock_guard lock(mu_);
    --totals_.in_flight;
  }

  void close(Connection& connection) {
    set_idle(connection);
    std::erase(waiting_, connection.id);
    ::close(connection.fd);
    connections_.erase(connection.id);
    const std::lock_guard lock(mu_);
    --totals_.open;
  }

  int wait_ms() const {  // -1: until something happens
    if (timers_.empty()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(timers_.top().at - Clock::now());
    return int(std::max<std::int64_t>(0, left.count()));
  }

  void fire_timers() {
    while (!timers_.empty() && timers_.top().at <= Clock::now()) {
      const std::uint64_t id = timers_.top().id;
      timers_.pop();
      if (Connection* connection = find(id)) advance(*connection);
    }
  }

  const Handler handler_;
  const int epoll_;
  const int stop_;
  const int listen_;
  const int port_;

  std::unordered_map<std::uint64_t, Connection> connections_;  // references stay valid
  std::uint64_t next_id_ = kFirstConnectionId;
  std::vector<std::uint64_t> waiting_;  // Reply::wait_for
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;

  mutable std::mutex mu_;
  std::map<std::string, Count> counts_;  // by mu_
  Totals totals_;                        // by mu_
};

FaultServer::FaultServer(Handler handler)
    : loop_(std::make_unique<Loop>(std::move(handler))), thread_([this] { loop_->run(); }) {}

FaultServer::~FaultServer() { loop_->stop(); }

int FaultServer::port() const { return loop_->port(); }

std::string FaultServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port()) + std::string(path);
}

std::map<std::string, FaultServer::Count> FaultServer::counts() const { return loop_->counts(); }

FaultServer::Totals FaultServer::totals() const { return loop_->totals(); }

bool raise_open_files(std::int64_t wanted) {
  rlimit limit{};
  CHECK(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  if (limit.rlim_cur >= rlim_t(wanted)) return true;
  if (limit.rlim_max < rlim_t(wanted)) return false;
  limit.rlim_cur = rlim_t(wanted);
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

}  // namespace evalrun
