// ResponseReader: bytes to events or one document, and those to a whole answer or one error. Which
// of the two a body is, its first bytes say; the content type only where they do not, since servers
// mislabel both ways.
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "harness/core/gaps.h"
#include "harness/core/json_text.h"
#include "harness/core/text.h"
#include "runners/remote/sse.h"
#include "runners/remote/wire_parts.h"

namespace evalrun {
namespace {

constexpr std::size_t kBytesMax = std::size_t{64} << 20;
constexpr std::size_t kErrorBytesMax = std::size_t{1} << 20;  // of a body that is an error anyway

bool is_event_stream_type(std::string_view content_type) {
  constexpr std::string_view kType = "text/event-stream";
  const std::string_view type = strip(content_type).substr(0, kType.size());
  return std::equal(type.begin(), type.end(), kType.begin(), kType.end(),
                    [](unsigned char a, char b) { return std::tolower(a) == b; });
}

enum class BodyForm { unknown, document, events };

// Without what may stand before and after a text.
std::string_view bare(std::string_view bytes) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  return strip(bytes);
}

// What the body's first bytes look like; unknown: too few, or nothing we know.
BodyForm form_of(std::string_view bytes) {
  bytes = bare(bytes);
  if (bytes.starts_with('{') || bytes.starts_with('[') || bytes.starts_with('<'))
    return BodyForm::document;
  for (const std::string_view field : {"data:", "event:", "id:", "retry:", ":"})
    if (bytes.starts_with(field)) return BodyForm::events;
  return BodyForm::unknown;
}

}  // namespace

void split_thinking(std::string& content, std::string& reasoning) {
  constexpr std::string_view kOpen = "<think>", kClose = "</think>";
  const std::size_t start = std::min(content.find_first_not_of(" \t\r\n"), content.size());
  const bool is_open = std::string_view(content).substr(start).starts_with(kOpen);
  const std::size_t begin = is_open ? start + kOpen.size() : 0;
  const std::size_t close = content.find(kClose, begin);
  if (!is_open && (close == std::string::npos || content.find(kOpen) < close)) return;
  reasoning = strip(std::string_view(content).substr(begin, close - begin));
  if (close == std::string::npos) {
    content.clear();
    return;
  }
  content.erase(0, close + kClose.size());
  content.erase(0, std::min(content.find_first_not_of("\r\n"), content.size()));
}

WireFailure append_string(JsonValue value, std::string_view path, std::string_view member,
                          std::string& out) {
  if (!value.is_given() || value.append_to(out)) return {};
  return protocol_error(std::string(path) + std::string(member) + " is not a string");
}

WireFailure read_count(JsonValue usage, std::string_view key, std::int64_t& out) {
  const JsonValue value = usage[key];
  if (!value.is_given()) return {};
  const auto count = value.count();
  if (!count) return protocol_error("usage." + std::string(key) + " is not a count");
  out = *count;
  return {};
}

struct ResponseReader::State {
  State(Api api, int http_status, std::string_view content_type)
      : api(api), http_status(http_status), is_stream_type(is_event_stream_type(content_type)) {}

  const Api api;
  const int http_status;
  const bool is_stream_type;
  BodyForm form = BodyForm::unknown;
  std::string body;  // of a document; of events only what came before their form was known
  SseParser events{kBytesMax};
  Json json;
  WireAnswer answer;
  WireFailure failure;
  std::int64_t first_us = 0;
  std::int64_t last_us = 0;
  GapCounts gaps;

  bool is_success() const { return http_status >= 200 && http_status < 300; }
  void feed(std::string_view bytes, std::int64_t now_us);
  void keep(std::string_view bytes);
  void feed_events(std::string_view bytes, std::int64_t now_us);
  WireFailure read_event(const SseEvent& event);
  WireFailure read_json(JsonValue root, bool is_event);
  void count_token(std::int64_t now_us);
  void finish_events(bool whole);
  void finish_document(bool whole);
  Completion completion();
};

void ResponseReader::State::feed(std::string_view bytes, std::int64_t now_us) {
  if (failure || answer.is_over) return;
  if (form == BodyForm::events) return feed_events(bytes, now_us);
  keep(bytes);
  if (failure || form == BodyForm::document || !is_success()) return;
  form = form_of(body);
  constexpr std::size_t kTellingBytes = 16;  // longer than any field's name
  if (form == BodyForm::unknown && bare(body).size() >= kTellingBytes)
    form = is_stream_type ? BodyForm::events : BodyForm::document;
  if (form == BodyForm::events) feed_events(std::exchange(body, {}), now_us);
}

void ResponseReader::State::keep(std::string_view bytes) {
  const std::size_t max = is_success() ? kBytesMax : kErrorBytesMax;
  if (body.size() + bytes.size() > max && is_success())
    failure = protocol_error("the answer is longer than 64 MB", http_status);
  else
    body += bytes.substr(0, max - std::min(max, body.size()));
}

void ResponseReader::State::feed_events(std::string_view bytes, std::int64_t now_us) {
  events.feed(bytes);
  for (SseEvent event; !failure && !answer.is_over && events.next(event);) {
    const std::size_t before = answer.bytes();
    failure = read_event(event);
    if (answer.bytes() > before) count_token(now_us);
  }
  if (!failure && (events.has_overflowed() || answer.bytes() > kBytesMax))
    failure = protocol_error("the answer is longer than 64 MB", http_status);
}

void ResponseReader::State::count_token(std::int64_t now_us) {
  if (first_us == 0)
    first_us = now_us;
  else
    ++gaps[gap_bucket(now_us - last_us)];
  last_us = now_us;
}

WireFailure ResponseReader::State::read_event(const SseEvent& event) {
  const std::string_view data = strip(event.data);
  if (data.empty()) return {};
  if (data == "[DONE]") {
    answer.is_over = true;
    return {};
  }
  const bool is_json = json.parse(data);
  if (event.name == "error" && is_json) return error_of_json(http_status, json.root());
  if (!is_json)
    return protocol_error("an event's data are not valid JSON: " + std::string(data.substr(0, 100)),
                          http_status);
  return read_json(json.root(), /*is_event=*/true);
}

WireFailure ResponseReader::State::read_json(JsonValue root, bool is_event) {
  if (!root.is(JsonValue::Type::object))
    return protocol_error("the answer's JSON is not an object", http_status);
  if (is_error_report(root)) return error_of_json(http_status, root);
  if (api == Api::anthropic)
    return is_event ? read_anthropic_event(root, answer) : read_anthropic_document(root, answer);
  return is_event ? read_openai_chunk(root, api, answer) : read_openai_document(root, api, answer);
}

// The connection's end. Once the finish reason is there, nothing that follows can hurt the answer.
void ResponseReader::State::finish_events(bool whole) {
  SseEvent event;
  if (!answer.is_over && events.finish(event)) {
    const bool was_whole = answer.finish.has_value();
    WireFailure last = read_event(event);
    const bool is_half = last && !whole && last->kind == WireErrorKind::protocol;
    if (last && !was_whole && !is_half) failure = std::move(last);
  }
  if (failure || answer.finish) return;
  if (!answer.is_over)
    failure = protocol_error("the stream was cut before the answer was over", http_status);
  else if (!answer.has_choice)
    failure = protocol_error("the stream ended without an answer", http_status);
}

void ResponseReader::State::finish_document(bool whole) {
  const std::string_view text = bare(body);
  if (text.empty())
    failure = protocol_error(
        whole ? "the server answered with nothing" : "the connection was cut before the answer",
        http_status);
  else if (is_html(text))
    failure = protocol_error(html_words(text), http_status);
  else if (json.parse(text))
    failure = read_json(json.root(), /*is_event=*/false);
  else if (!whole)
    failure = protocol_error(
        "the connection was cut after " + std::to_string(body.size()) + " bytes of the answer",
        http_status);
  else
    failure =
        protocol_error("the answer is not valid JSON at byte " + std::to_string(json.error_at()) +
                           " of " + std::to_string(text.size()),
                       http_status);
}

Completion ResponseReader::State::completion() {
  Completion out;
  out.text = std::move(answer.content);
  out.reasoning = std::move(answer.reasoning);
  make_valid_utf8(out.text);
  make_valid_utf8(out.reasoning);
  if (out.reasoning.empty()) split_thinking(out.text, out.reasoning);
  out.finish = answer.finish.value_or(Finish::stop);
  if (!answer.refusal.empty()) {
    make_valid_utf8(answer.refusal);
    out.finish = Finish::refused;
    if (out.text.empty()) out.text = std::move(answer.refusal);
  }
  out.usage = answer.usage;
  out.server = answer.server;
  out.first_us = first_us;
  out.gaps = std::move(gaps);
  return out;
}

ResponseReader::ResponseReader(Api api, int http_status, std::string_view content_type)
    : state_(std::make_unique<State>(api, http_status, content_type)) {}
ResponseReader::~ResponseReader() = default;
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;

void ResponseReader::feed(std::string_view bytes, std::int64_t now_us) {
  state_->feed(bytes, now_us);
}

bool ResponseReader::is_done() const { return state_->answer.is_over || state_->failure; }

WireResult ResponseReader::finish(bool whole) {
  State& state = *state_;
  if (!state.failure) {
    if (!state.is_success())
      state.failure = error_of_body(state.http_status, state.body);
    else if (state.form == BodyForm::events)
      state.finish_events(whole);
    else
      state.finish_document(whole);
  }
  WireResult result{std::move(state.failure), state.completion()};
  if (result.error) {
    result.error->http_status = state.http_status;
    result.completion.finish = Finish::error;
    result.completion.error = result.error->message;
  }
  return result;
}

}  // namespace evalrun
