#include "runners/remote/sse.h"

#include <algorithm>
#include <utility>

namespace evalrun {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// In windows, so that a body of bare CRs does not search for its LF to the end once a line.
std::size_t find_line_end(std::string_view bytes) {
  constexpr std::size_t kWindow = 1024;
  for (std::size_t at = 0; at < bytes.size(); at += kWindow) {
    const std::string_view window = bytes.substr(at, kWindow);
    const std::size_t lf = std::min(window.find('\n'), window.size());
    const std::size_t end = std::min(window.substr(0, lf).find('\r'), lf);
    if (end < window.size()) return at + end;
  }
  return bytes.size();
}

}  // namespace

bool SseParser::next(SseEvent& event) {
  forget_event();
  std::string_view line;
  while (!has_overflowed_ && take_line(line))
    if (on_line(line)) return emit(event);
  return false;
}

bool SseParser::finish(SseEvent& event) {
  forget_event();
  if (has_overflowed_) return false;
  line_.swap(partial_);
  partial_.clear();
  if (!line_.empty()) on_line(line_);
  return has_data_ && emit(event);
}

// False: the bytes ended before the line did.
bool SseParser::take_line(std::string_view& line) {
  if (bytes_.empty()) return false;
  if (std::exchange(ended_in_cr_, false) && bytes_.starts_with('\n')) bytes_.remove_prefix(1);
  if (bytes_.empty()) return false;
  const std::size_t end = find_line_end(bytes_);
  if (partial_.size() + end + data_.size() > bytes_max_) {
    has_overflowed_ = true;
    return false;
  }
  if (end == bytes_.size()) {
    partial_ += bytes_;
    bytes_ = {};
    return false;
  }
  line = bytes_.substr(0, end);
  if (!partial_.empty()) {
    partial_ += line;
    line_.swap(partial_);
    partial_.clear();
    line = line_;
  }
  ended_in_cr_ = bytes_[end] == '\r';
  bytes_.remove_prefix(end + 1);
  return true;
}

bool SseParser::on_line(std::string_view line) {
  if (is_first_line_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  is_first_line_ = false;
  if (line.empty()) {
    if (has_data_) return true;
    name_.clear();
    return false;
  }
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view field = line.substr(0, colon);
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
  } else if (field == "event") {
    name_ = value;
  }
  return false;
}

bool SseParser::emit(SseEvent& event) {
  event = {name_, data_};
  was_emitted_ = true;
  return true;
}

void SseParser::forget_event() {
  if (!was_emitted_) return;
  name_.clear();
  data_.clear();
  has_data_ = was_emitted_ = false;
}

}  // namespace evalrun
