// Request bodies, written straight into one string: a tree would cost more than all the rest of a
// call. The order of the members is fixed, so that equal requests are equal bytes.
#include <charconv>
#include <cmath>
#include <string>

#include "harness/core/check.h"
#include "harness/core/json.h"
#include "harness/core/json_text.h"
#include "harness/core/text.h"
#include "runners/remote/wire.h"

namespace evalrun {
namespace {

constexpr std::string_view kBlankLine = "\n\n";

void join(std::string& text, std::string_view more) {
  if (!text.empty()) text += kBlankLine;
  text += more;
}

std::string joined_texts(const std::vector<Message>& messages) {
  std::string all;
  for (const Message& message : messages) join(all, message.content);
  return all;
}

std::string system_texts(const std::vector<Message>& messages) {
  std::string all;
  for (const Message& message : messages)
    if (message.role == Role::system) join(all, message.content);
  return all;
}

std::vector<Message> without_system(const std::vector<Message>& messages) {
  std::vector<Message> others;
  for (const Message& message : messages)
    if (message.role != Role::system) others.push_back(message);
  return others;
}

// System texts before the first user message, for models that know no such role.
std::vector<Message> with_system_folded(const std::vector<Message>& messages) {
  std::string system = system_texts(messages);
  std::vector<Message> folded = without_system(messages);
  if (system.empty()) return folded;
  auto user = folded.begin();
  while (user != folded.end() && user->role != Role::user) ++user;
  if (user == folded.end()) {
    folded.insert(folded.begin(), {Role::user, std::move(system)});
  } else {
    join(system, user->content);
    user->content = std::move(system);
  }
  return folded;
}

// Neighbours of one role become one message: the Messages API wants the roles to alternate.
std::vector<Message> alternating(std::vector<Message> messages) {
  std::vector<Message> out;
  for (Message& message : messages) {
    if (!out.empty() && out.back().role == message.role)
      join(out.back().content, message.content);
    else
      out.push_back(std::move(message));
  }
  return out;
}

// Members of the body, but those that extra_json has: they come last, as they stand there.
class Body {
 public:
  explicit Body(std::string_view extra_json) : extra_(extra_json) {
    make_valid_utf8(extra_);
    const bool is_object =
        extra_ == "{}" || (json_.parse(extra_) && json_.root().is(JsonValue::Type::object));
    CHECK(is_object);
    out_ = "{";
  }

  // Whether the member is to be written now; its name then is.
  bool opens(std::string_view name) {
    if (!json_.root()[name].is(JsonValue::Type::missing)) return false;
    name_member(name);
    return true;
  }
  void text(std::string_view name, std::string_view value) {
    if (opens(name)) append_json_string(out_, value);
  }
  void integer(std::string_view name, std::uint64_t value) {
    if (opens(name)) out_ += std::to_string(value);
  }
  void boolean(std::string_view name, bool value) {
    if (opens(name)) out_ += value ? "true" : "false";
  }
  void number(std::string_view name, double value) {
    CHECK(std::isfinite(value));
    if (!opens(name)) return;
    char digits[32];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
  void texts(std::string_view name, const std::vector<std::string>& values) {
    if (values.empty() || !opens(name)) return;
    out_ += '[';
    for (const std::string& value : values) {
      if (&value != &values.front()) out_ += ',';
      append_json_string(out_, value);
    }
    out_ += ']';
  }
  void messages(const std::vector<Message>& messages);
  void raw(std::string_view name, std::string_view json) {
    if (opens(name)) out_ += json;
  }
  std::string finish() &&;

 private:
  void name_member(std::string_view name) {
    if (out_.size() > 1) out_ += ',';
    append_json_string(out_, name);
    out_ += ':';
  }

  std::string extra_;
  Json json_;  // of extra_
  std::string out_;
};

void Body::messages(const std::vector<Message>& messages) {
  if (!opens("messages")) return;
  out_ += '[';
  for (const Message& message : messages) {
    if (&message != &messages.front()) out_ += ',';
    out_ += R"({"role":")";
    out_ += name(message.role);
    out_ += R"(","content":)";
    append_json_string(out_, message.content);
    out_ += '}';
  }
  out_ += ']';
}

std::string Body::finish() && {
  json_.root().for_each_member([&](JsonValue key, JsonValue value) {
    const std::string name = key.text();
    const bool is_last = json_.root()[name].raw().data() == value.raw().data();
    if (!is_last || value.is(JsonValue::Type::null)) return;
    name_member(name);
    out_ += value.raw();
  });
  out_ += '}';
  return std::move(out_);
}

std::uint64_t seed_31_bits(std::uint64_t seed) { return seed & 0x7fffffff; }

void write_openai(Body& body, const WireOptions& options, const Request& request) {
  body.text("model", options.model);
  if (options.api == Api::openai_completions)
    body.text("prompt", joined_texts(request.messages));
  else if (options.sends_system)
    body.messages(request.messages);
  else
    body.messages(with_system_folded(request.messages));
  body.integer(options.max_tokens_field, std::uint64_t(request.max_tokens));
  body.number("temperature", request.temperature);
  body.number("top_p", request.top_p);
  if (options.sends_seed) body.integer("seed", seed_31_bits(request.seed));
  body.texts("stop", request.stop);
  body.boolean("stream", options.stream);
  if (options.stream && options.sends_usage_option)
    body.raw("stream_options", R"({"include_usage":true})");
}

// Stop sequences without any other character than space are refused by the Messages API.
std::vector<std::string> visible_stops(const std::vector<std::string>& stops) {
  std::vector<std::string> visible;
  for (const std::string& stop : stops)
    if (!strip(stop).empty()) visible.push_back(stop);
  return visible;
}

void write_anthropic(Body& body, const WireOptions& options, const Request& request) {
  body.text("model", options.model);
  const std::string system = options.sends_system ? system_texts(request.messages) : "";
  if (!system.empty()) body.text("system", system);
  body.messages(alternating(options.sends_system ? without_system(request.messages)
                                                 : with_system_folded(request.messages)));
  body.integer("max_tokens", std::uint64_t(request.max_tokens));
  const bool is_nucleus = request.top_p != 1 && request.temperature == 1;
  if (is_nucleus)
    body.number("top_p", request.top_p);
  else
    body.number("temperature", request.temperature);
  body.texts("stop_sequences", visible_stops(request.stop));
  body.boolean("stream", options.stream);
}

}  // namespace

std::string request_body(const WireOptions& options, const Request& request) {
  CHECK(request.max_tokens > 0);
  Body body(options.extra_json);
  if (options.api == Api::anthropic)
    write_anthropic(body, options, request);
  else
    write_openai(body, options, request);
  return std::move(body).finish();
}

}  // namespace evalrun
