// Server-sent events out of bytes that come in any pieces (WHATWG HTML, 9.2.6). Strict where the
// standard is: CR, LF or CRLF ends a line, one space after the colon is no part of the value,
// several data lines are joined by LF, a line that starts with a colon is a comment, a byte order
// mark at the start is skipped. Tolerant at the end: see finish().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evalrun {

struct SseEvent {
  std::string_view name;  // of the "event" field, the last one; "" = none
  std::string_view data;
};

// Not thread-safe.
class SseParser {
 public:
  // `bytes_max`: what an event, or a line of it, may hold.
  explicit SseParser(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // The next bytes. They must stay until next() has returned false.
  void feed(std::string_view bytes) { bytes_ = bytes; }
  // The next event that is whole; its views live until the next call. False: the bytes are used up.
  // Events without a data line are none.
  bool next(SseEvent& event);
  // After the last bytes: the event whose blank line, or whose line end, never came. The standard
  // drops it; servers that forget the blank line at the end are real.
  bool finish(SseEvent& event);

  // An event was longer than bytes_max: nothing comes any more.
  bool has_overflowed() const { return has_overflowed_; }

 private:
  bool take_line(std::string_view& line);
  bool on_line(std::string_view line);  // true: the event is complete
  bool emit(SseEvent& event);
  void forget_event();

  std::size_t bytes_max_;
  std::string_view bytes_;    // not yet looked at
  std::string partial_;       // the line whose end has not come
  std::string line_;          // the line that was completed from partial_
  std::string name_, data_;   // of the event that is being read
  bool has_data_ = false;     // a data line came, perhaps an empty one
  bool was_emitted_ = false;  // name_ and data_ are the caller's until the next call
  bool is_first_line_ = true;
  bool ended_in_cr_ = false;  // a LF that comes next belongs to that line end
  bool has_overflowed_ = false;
};

}  // namespace evalrun
