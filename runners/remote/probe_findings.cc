#include "runners/remote/probe_findings.h"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "harness/core/json.h"
#include "harness/core/text.h"
#include "runners/remote/probe_questions.h"

namespace evalrun {
namespace {

using Type = JsonValue::Type;

constexpr std::size_t kTellingBytesMin = 20;  // shorter inventions may be equal by chance
constexpr std::int64_t kStreamUsMin = 1'000;  // what comes faster came at once
constexpr int kNotImplemented = 501;
constexpr std::string_view kEllipsis = "\xe2\x80\xa6";

Finding not_tested(std::string reason) { return {Support::not_tested, std::move(reason)}; }

Finding failed(const ProbeAnswer& answer) {
  return {answer.is_refused ? Support::refused : Support::not_tested, answer.failure};
}

// Errors are cut to a length, perhaps within a key that the endpoint echoes: the last word goes.
std::string without_cut_word(std::string words) {
  if (!words.ends_with(kEllipsis)) return words;
  const std::size_t blank = words.rfind(' ');
  words.resize(blank == words.npos ? 0 : blank + 1);
  return words + std::string(kEllipsis);
}

std::string words_of(const WireError& error, std::string_view location) {
  std::string words = without_cut_word(error.message);
  if (error.http_status >= 300 && error.http_status < 400)
    words = "redirects to \"" + std::string(location) + "\": name that host in --base-url";
  if (error.http_status >= 300) words = "HTTP " + std::to_string(error.http_status) + ": " + words;
  return words;
}

// Why a text is not there to be looked at; "" = it is.
std::string emptiness(const Completion& completion) {
  if (!strip(completion.text).empty()) return "";
  const bool has_thought = !completion.reasoning.empty() || completion.usage.reasoning > 0;
  return has_thought ? "all its tokens went into thinking" : "the answer is empty";
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = char(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

int words_in(std::string_view text) {
  int words = 0;
  bool was_blank = true;
  for (const unsigned char c : text) {
    const bool is_blank = std::isspace(c) != 0;
    if (was_blank && !is_blank) ++words;
    was_blank = is_blank;
  }
  return words;
}

bool has_logprobs(JsonValue choice) {
  const JsonValue logprobs = choice["logprobs"];
  return logprobs["content"].first()["logprob"].is(Type::number) ||  // chat
         logprobs["token_logprobs"].size() > 0;                      // completions
}

// Thinking stands in the text itself, and not beside it.
bool is_in_tags(Api api, JsonValue root) {
  const JsonValue choice = root["choices"].first();
  const JsonValue text =
      api == Api::openai_completions ? choice["text"] : choice["message"]["content"];
  return text.text().contains("</think>") || strip(text.text()).starts_with("<think>");
}

}  // namespace

std::string body_of(const ProbeReply& reply) {
  std::string body;
  for (const ProbeReply::Piece& piece : reply.body) body += piece.bytes;
  return body;
}

ProbeAnswer read_answer(Api api, const ProbeReply& reply) {
  ProbeAnswer answer;
  if (reply.status == 0) {
    answer.failure = reply.failure.empty() ? "no response" : reply.failure;
    answer.is_hopeless = true;
    return answer;
  }
  ResponseReader reader(api, reply.status, header_value(reply.headers, "content-type"));
  for (const ProbeReply::Piece& piece : reply.body) reader.feed(piece.bytes, piece.at_us);
  const bool is_whole = reply.failure.empty();
  WireResult result = reader.finish(is_whole);
  answer.body = body_of(reply);
  answer.completion = std::move(result.completion);
  answer.completion.sent_us = reply.sent_us;
  answer.completion.done_us = reply.done_us;
  if (!result.error) return answer;
  answer.kind = result.error->kind;
  answer.is_refused = result.error->kind == WireErrorKind::bad_request ||
                      result.error->http_status == kNotImplemented;
  answer.is_hopeless = !is_whole || is_fatal(*result.error);
  const bool is_cut = !is_whole && reply.status == 200;
  answer.failure =
      is_cut ? reply.failure : words_of(*result.error, header_value(reply.headers, "location"));
  return answer;
}

std::string_view name(Support support) {
  switch (support) {
    case Support::yes:
      return "yes";
    case Support::ignored:
      return "ignored";
    case Support::refused:
      return "refused";
    case Support::none_seen:
      return "none_seen";
    case Support::not_tested:
      break;
  }
  return "not_tested";
}

Finding judge_max_tokens(const ProbeAnswer& plain) {
  if (!plain.is_answer()) return failed(plain);
  const Completion& completion = plain.completion;
  const std::int64_t tokens = completion.usage.completion;
  if (tokens > kProbeTokensMax)
    return {Support::ignored, std::to_string(tokens) + " tokens came where " +
                                  std::to_string(kProbeTokensMax) + " were allowed"};
  if (completion.finish == Finish::length) return {Support::yes, ""};
  if (tokens == kProbeTokensMax)
    return {Support::yes, "but the answer does not say that it was cut"};
  const int words = words_in(completion.text);  // of at least a token each
  if (tokens == 0 && words > kProbeTokensMax)
    return {Support::ignored, std::to_string(words) + " words came where " +
                                  std::to_string(kProbeTokensMax) + " tokens were allowed"};
  return not_tested("the answer ended by itself before the limit");
}

Finding judge_system(const ProbeAnswer& answer) {
  if (!answer.is_answer()) return failed(answer);
  if (const std::string why = emptiness(answer.completion); !why.empty()) return not_tested(why);
  if (lower(answer.completion.text).contains(kProbeSystemWord)) return {Support::yes, ""};
  return {Support::ignored, "the answer does not do what the system text says"};
}

Finding judge_stop(const ProbeAnswer& answer) {
  if (!answer.is_answer()) return failed(answer);
  if (const std::string why = emptiness(answer.completion); !why.empty()) return not_tested(why);
  const std::string_view text = strip(answer.completion.text);
  const std::size_t at = text.find(kProbeStop);
  if (at == text.npos) {
    const bool has_ended = answer.completion.finish == Finish::stop;
    if (has_ended && text.contains(kProbeBeforeStop)) return {Support::yes, ""};
    return not_tested("the answer did not come as far as the stop string");
  }
  if (at + kProbeStop.size() == text.size())
    return {Support::ignored, "the answer ends there, but the stop string is in the text"};
  return {Support::ignored, "the answer goes on after the stop string"};
}

Finding judge_seed(const ProbeAnswer& once, const ProbeAnswer& again, const ProbeAnswer& other) {
  for (const ProbeAnswer* answer : {&once, &again, &other})
    if (!answer->is_answer()) return failed(*answer);
  const auto all_of = [](const ProbeAnswer& answer) {
    return answer.completion.reasoning + answer.completion.text;
  };
  const std::string text = all_of(once);
  if (text != all_of(again)) return {Support::ignored, "one seed gave two texts"};
  if (text.size() < kTellingBytesMin) return not_tested("the answers are too short to tell");
  if (text == all_of(other)) return not_tested("another seed gave the same text");
  return {Support::yes, ""};
}

Finding judge_n(const ProbeAnswer& answer) {
  if (!answer.is_answer()) return failed(answer);
  Json json;
  if (!json.parse(answer.body)) return not_tested("the answer is not one JSON document");
  if (json.root()["choices"].size() >= 2) return {Support::yes, ""};
  return {Support::ignored, "one choice came where two were asked for"};
}

Finding judge_logprobs(const ProbeAnswer& answer) {
  if (!answer.is_answer()) return failed(answer);
  Json json;
  if (!json.parse(answer.body)) return not_tested("the answer is not one JSON document");
  if (has_logprobs(json.root()["choices"].first())) return {Support::yes, ""};
  return {Support::ignored, "none came"};
}

Finding judge_streaming(const ProbeAnswer& stream) {
  if (!stream.is_answer()) return failed(stream);
  if (Json json; json.parse(stream.body)) return {Support::ignored, "one whole document came"};
  const Completion& completion = stream.completion;
  if (completion.first_us == 0) return {Support::yes, "but no text came"};
  const std::int64_t pieces =
      std::accumulate(completion.gaps.begin(), completion.gaps.end(), std::int64_t{1},
                      [](std::int64_t sum, const auto& gap) { return sum + gap.second; });
  return {Support::yes, "text in " + std::to_string(pieces) + (pieces == 1 ? " piece" : " pieces")};
}

Finding judge_stream_usage(const ProbeAnswer& stream) {
  if (!stream.is_answer()) return failed(stream);
  if (judge_streaming(stream).support != Support::yes) return not_tested("no stream came");
  const Usage& usage = stream.completion.usage;
  if (usage.completion > 0 || usage.prompt > 0) return {Support::yes, ""};
  return {Support::ignored, "none came"};
}

Finding judge_reasoning(Api api, std::span<const ProbeAnswer> answers) {
  int seen = 0;
  bool is_field = false, is_tags = false, is_counted = false, is_somewhere = false;
  for (const ProbeAnswer& answer : answers) {
    if (!answer.is_answer()) continue;
    ++seen;
    if (answer.completion.usage.reasoning > 0) is_counted = true;
    if (answer.completion.reasoning.empty()) continue;
    Json json;
    if (!json.parse(answer.body))
      is_somewhere = true;  // in a stream its pieces do not tell
    else if (is_in_tags(api, json.root()))
      is_tags = true;
    else
      is_field = true;
  }
  if (seen == 0) return not_tested("no answer came");
  std::string forms;
  const auto add = [&forms](bool is_so, std::string_view form) {
    if (is_so) forms += (forms.empty() ? "" : ", ") + std::string(form);
  };
  add(is_field, "in a field of its own");
  add(is_tags, "as <think> in the text");
  add(is_somewhere && !is_field && !is_tags, "in streams");
  add(is_counted, "its tokens are counted");
  if (!forms.empty()) return {Support::yes, forms};
  return {Support::none_seen, "in " + std::to_string(seen) + " answers"};
}

Median median_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const std::size_t n = values.size();
  return {int(n), (values[(n - 1) / 2] + values[n / 2]) / 2};
}

double ttft_ms(const Completion& completion) {
  if (completion.first_us == 0) return 0;
  return double(completion.first_us - completion.sent_us) / 1e3;
}

double output_tokens_per_s(const Completion& completion) {
  const std::int64_t tokens = completion.usage.completion - 1;
  const std::int64_t us = completion.done_us - completion.first_us;
  if (completion.first_us == 0 || tokens <= 0 || us < kStreamUsMin || completion.gaps.empty())
    return 0;
  return double(tokens) * 1e6 / double(us);
}

}  // namespace evalrun
