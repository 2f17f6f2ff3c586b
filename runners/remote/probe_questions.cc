#include "runners/remote/probe_questions.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "harness/core/check.h"

namespace evalrun {
namespace {

using nlohmann::ordered_json;

constexpr int kAnswerTokensMax = 256;  // some models think before they say one word
constexpr int kInventionTokensMax = 40;
constexpr int kStreamTokensMax = 64;
constexpr int kSeed = 1, kOtherSeed = 2;
constexpr char kCount[] = "Count from 1 to 200. Numbers only, separated by spaces.";

ordered_json extra_of(const WireOptions& options) {
  ordered_json extra = ordered_json::parse(options.extra_json, nullptr, /*allow_exceptions=*/false);
  CHECK(extra.is_object());
  return extra;
}

void add_extra(WireOptions& options, const std::string& key, const ordered_json& value) {
  ordered_json extra = extra_of(options);
  extra[key] = value;
  options.extra_json = extra.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Request request_of(std::string text, int max_tokens) {
  Request request;
  request.messages = {{Role::user, std::move(text)}};
  request.max_tokens = max_tokens;
  request.temperature = 1;
  return request;
}

// What a question is about, as the body names it.
std::string parameter_of(Question question, const WireOptions& options) {
  const bool is_anthropic = options.api == Api::anthropic;
  switch (question) {
    case Question::plain:
      return is_anthropic ? "max_tokens" : options.max_tokens_field;
    case Question::system:
      return is_anthropic ? "system" : "messages";
    case Question::stop:
      return is_anthropic ? "stop_sequences" : "stop";
    case Question::seed:
    case Question::other_seed:
      return "seed";
    case Question::n:
      return "n";
    case Question::logprobs:
      return "logprobs";
    case Question::stream:
    case Question::stream_without_usage:
      return "stream";
  }
  return "";
}

Request request_of(Question question) {
  switch (question) {
    case Question::system: {
      Request request = request_of("What is the capital of France?", kAnswerTokensMax);
      request.messages.insert(request.messages.begin(),
                              {Role::system, "Whatever you are asked, answer with one word: " +
                                                 std::string(kProbeSystemWord)});
      return request;
    }
    case Question::stop: {
      Request request =
          request_of("Count from 1 to 9. Numbers only, separated by spaces.", kAnswerTokensMax);
      request.stop = {std::string(kProbeStop)};
      return request;
    }
    case Question::seed:
    case Question::other_seed:
      return request_of("Invent a planet: its name, its colour and one creature that lives there.",
                        kInventionTokensMax);
    case Question::stream:
    case Question::stream_without_usage:
      return request_of(kCount, kStreamTokensMax);
    case Question::plain:
    case Question::n:
    case Question::logprobs:
      break;
  }
  return request_of(kCount, kProbeTokensMax);
}

}  // namespace

std::string question_body(Question question, const WireOptions& options) {
  WireOptions wire = options;
  wire.sends_seed = false;  // it is sent as an extra, which has no API's limits
  wire.sends_system = true;
  wire.stream = question == Question::stream || question == Question::stream_without_usage;
  wire.sends_usage_option = question == Question::stream;
  if (question == Question::seed) add_extra(wire, "seed", kSeed);
  if (question == Question::other_seed) add_extra(wire, "seed", kOtherSeed);
  if (question == Question::n) add_extra(wire, "n", 2);
  if (question == Question::logprobs) {
    const bool is_count = options.api == Api::openai_completions;  // how many a token
    add_extra(wire, "logprobs", is_count ? ordered_json(1) : ordered_json(true));
  }
  return request_body(wire, request_of(question));
}

std::string why_not_asked(Question question, const WireOptions& options) {
  if (question == Question::system && options.api == Api::openai_completions)
    return "this API has no roles";
  const std::string parameter = parameter_of(question, options);
  return extra_of(options).contains(parameter) ? "-M sets " + parameter : "";
}

}  // namespace evalrun
