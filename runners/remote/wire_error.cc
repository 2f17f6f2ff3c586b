// One typed error out of the many ways in which servers say no: OpenAI, Anthropic, Groq, Together,
// DeepSeek {"error": {…}}; OpenRouter the same with the upstream's words in metadata; Cerebras,
// older vLLM and AWS {"message": …} at the top; Ollama {"error": "…"}; FastAPI {"detail": …};
// Google a list of one; proxies HTML or text.
#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "harness/core/text.h"
#include "runners/remote/wire_parts.h"

namespace evalrun {
namespace {

using Type = JsonValue::Type;

constexpr std::size_t kCodeMax = 100;       // bytes of a code
constexpr std::size_t kLookedAtMax = 4000;  // bytes of a body that are turned into words

struct Words {
  std::string message;
  std::string code;
  int status = 0;           // named inside the body; 0 = none
  bool is_flagged = false;  // OpenRouter's moderation took offence at this one input
};

struct Known {
  std::string_view word;  // a code or type, in small letters
  WireErrorKind kind;
};
// These say more than the HTTP status does.
constexpr std::array kStronger{
    Known{"insufficient_quota", WireErrorKind::quota},
    Known{"billing_hard_limit_reached", WireErrorKind::quota},
    Known{"billing_error", WireErrorKind::quota},
    Known{"overloaded_error", WireErrorKind::overloaded},
    Known{"context_length_exceeded", WireErrorKind::bad_request},
    Known{"model_not_found", WireErrorKind::not_found},
};
// These speak where there is no status: an error inside a 200.
constexpr std::array kWeaker{
    Known{"authentication_error", WireErrorKind::auth},
    Known{"invalid_api_key", WireErrorKind::auth},
    Known{"permission_error", WireErrorKind::auth},
    Known{"not_found_error", WireErrorKind::not_found},
    Known{"notfounderror", WireErrorKind::not_found},
    Known{"rate_limit_error", WireErrorKind::rate_limited},
    Known{"rate_limit_exceeded", WireErrorKind::rate_limited},
    Known{"too_many_requests_error", WireErrorKind::rate_limited},
    Known{"invalid_request_error", WireErrorKind::bad_request},
    Known{"badrequesterror", WireErrorKind::bad_request},
    Known{"unavailable_error", WireErrorKind::overloaded},
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = char(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::size_t find_word(std::string_view text, std::string_view small_word) {
  return lower(text).find(small_word);
}

std::optional<WireErrorKind> kind_in(std::span<const Known> known, std::string_view word) {
  const std::string small = lower(word);
  for (const Known& one : known)
    if (one.word == small) return one.kind;
  return std::nullopt;
}

WireErrorKind kind_of_status(int status) {
  switch (status) {
    case 401:
    case 403:
      return WireErrorKind::auth;
    case 402:
      return WireErrorKind::quota;
    case 404:
      return WireErrorKind::not_found;
    case 408:
    case 409:
    case 425:
      return WireErrorKind::server;
    case 429:
      return WireErrorKind::rate_limited;
    case 503:
    case 529:
      return WireErrorKind::overloaded;
    default:
      return status >= 500 ? WireErrorKind::server : WireErrorKind::bad_request;
  }
}

WireErrorKind kind_of(const Words& words, std::string_view type, int http_status) {
  for (const std::string_view word : {std::string_view(words.code), type})
    if (const auto kind = kind_in(kStronger, word)) return *kind;
  if (find_word(words.message, "credit balance is too low") != std::string::npos)
    return WireErrorKind::quota;  // Anthropic, with a 400
  if (words.is_flagged) return WireErrorKind::bad_request;
  const int status = http_status >= 400 ? http_status : words.status;
  if (status >= 400) return kind_of_status(status);
  for (const std::string_view word : {std::string_view(words.code), type})
    if (const auto kind = kind_in(kWeaker, word)) return *kind;
  return WireErrorKind::server;
}

// 429 and "429" alike; 0 of all else.
int status_in(JsonValue value) {
  const std::string text = value.is(Type::string) ? value.text() : std::string(value.raw());
  const bool is_status = text.size() == 3 && (text[0] == '4' || text[0] == '5') &&
                         std::isdigit(static_cast<unsigned char>(text[1])) &&
                         std::isdigit(static_cast<unsigned char>(text[2]));
  return is_status ? std::stoi(text) : 0;
}

// FastAPI: a string, or [{"loc": ["body", "temperature"], "msg": "…"}, …].
std::string detail_words(JsonValue detail) {
  if (!detail.is(Type::array)) return detail.is(Type::string) ? detail.text() : "";
  std::string all;
  detail.for_each_element([&](JsonValue one) {
    std::string where;
    one["loc"].for_each_element([&](JsonValue step) {
      if (!where.empty()) where += '.';
      where += step.is(Type::string) ? step.text() : std::string(step.raw());
    });
    if (!all.empty()) all += "; ";
    all += where.empty() ? one["msg"].text() : where + ": " + one["msg"].text();
  });
  return all;
}

// The object with message, type and code, wherever this dialect puts it.
JsonValue error_object(JsonValue root) {
  const JsonValue error = root["error"];
  return error.is(Type::object) ? error : root;
}

std::string message_in(JsonValue root) {
  for (const JsonValue said :
       {error_object(root)["message"], root["error"], root["x_groq"]["error"], root["message"]})
    if (said.is(Type::string)) return said.text();
  return detail_words(root["detail"]);
}

Words words_of(JsonValue root) {
  const JsonValue error = error_object(root);
  Words words;
  words.message = message_in(root);
  if (words.message.empty()) words.message = root.raw().substr(0, kLookedAtMax);
  const JsonValue code = error["code"], type = error["type"];
  words.code = code.is(Type::string) && !code.text().empty() ? code.text() : type.text();
  for (const JsonValue said : {error["status_code"], code})
    if (words.status == 0) words.status = status_in(said);
  if (status_in(code) != 0 && type.is(Type::string)) words.code = type.text();
  const JsonValue metadata = error["metadata"];
  words.is_flagged = metadata["flagged_input"].is_given();
  const std::string provider = metadata["provider_name"].text(), raw = metadata["raw"].text();
  if (!provider.empty()) words.message += " (" + provider + ")";
  if (!raw.empty()) words.message += ": " + raw;
  return words;
}

bool is_event_stream(std::string_view body) {
  return body.starts_with("data:") || body.starts_with("event:");
}

// An error report that was sent as an event: the JSON of its first data line.
std::string_view first_data(std::string_view body) {
  const std::size_t at = body.find("data:");
  if (at == std::string_view::npos) return {};
  const std::string_view value = body.substr(at + 5);
  return strip(value.substr(0, std::min(value.find('\n'), value.size())));
}

}  // namespace

std::string shown_words(std::string_view words, std::size_t bytes_max) {
  std::string text = to_valid_utf8(strip(words.substr(0, kLookedAtMax)));
  text = to_printable(text, /*one_line=*/true);
  if (text.size() <= bytes_max) return text;
  constexpr std::string_view kEllipsis = "\xe2\x80\xa6";
  std::size_t cut = bytes_max - kEllipsis.size();
  while (cut > 0 && (text[cut] & 0xc0) == 0x80) --cut;  // not within a character
  text.resize(cut);
  text += kEllipsis;
  return text;
}

WireError protocol_error(std::string_view message, int http_status) {
  return {WireErrorKind::protocol, shown_words(message), "", http_status};
}

bool is_html(std::string_view body) { return strip(body.substr(0, 100)).starts_with('<'); }

std::string html_words(std::string_view body) {
  body = body.substr(0, kLookedAtMax);
  const std::string small = lower(body);
  std::string said = "the server answered with HTML";
  const std::size_t open = small.find("<title");
  const std::size_t begin = std::min(small.find('>', std::min(open, small.size())), small.size());
  if (begin == small.size()) return said;
  const std::size_t end = std::min(small.find('<', begin), small.size());
  const std::string_view title = strip(body.substr(begin + 1, end - begin - 1));
  return title.empty() ? said : said + ": " + std::string(title);
}

bool is_error_report(JsonValue root) {
  return root["error"].is_given() || root["x_groq"]["error"].is_given() ||
         root["object"].is_text("error") || root["type"].is_text("error");
}

WireError error_of_json(int http_status, JsonValue root) {
  if (root.is(Type::array)) root = root.first();
  const Words words = words_of(root);
  const std::string type = error_object(root)["type"].text();
  return {kind_of(words, type, http_status), shown_words(words.message),
          shown_words(words.code, kCodeMax), http_status};
}

WireError error_of_body(int http_status, std::string_view body) {
  if (http_status < 400)
    return protocol_error(http_status >= 300 ? "the server redirects: name its new address"
                                             : "not a status of an answer",
                          http_status);
  body = strip(body);
  const std::string_view json = is_event_stream(body) ? first_data(body) : body;
  Json parsed;
  const bool is_json = parsed.parse(json);
  if (is_json && (parsed.root().is(Type::object) || parsed.root().is(Type::array)))
    return error_of_json(http_status, parsed.root());
  std::string words = is_html(body) ? html_words(body) : std::string(body.substr(0, kLookedAtMax));
  if (words.empty()) words = "HTTP " + std::to_string(http_status) + " and not a word more";
  return {kind_of_status(http_status), shown_words(words), "", http_status};
}

}  // namespace evalrun
