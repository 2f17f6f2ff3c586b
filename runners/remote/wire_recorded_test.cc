// Real answers of real providers, as others recorded them, replayed through the reader. What is
// expected comes from the files by another way: nlohmann's tree, and figures looked up in them.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/core/text.h"
#include "runners/remote/wire_testing.h"

namespace evalrun {
namespace {

using nlohmann::json;

std::string wire_folder() {
  const char* data = std::getenv("EVALRUN_DATA");
  return data == nullptr ? "" : std::string(data) + "/wire/";
}

class WireRecorded : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::is_directory(wire_folder()))
      GTEST_SKIP() << "needs EVALRUN_DATA with the recorded answers in wire/";
  }
};

std::string contents(const std::string& path) {
  const auto text = read_file(path);
  EXPECT_TRUE(text) << path;
  return text.value_or("");
}

// The streams of a file with one chunk a line; where the id changes another begins.
std::vector<std::vector<std::string>> streams_of(const std::string& path) {
  std::vector<std::vector<std::string>> streams;
  std::string last_id;
  const std::string text = contents(path);
  for (const std::string_view line : split(text, '\n')) {
    if (strip(line).empty()) continue;
    const std::string id = json::parse(line)["id"];
    if (streams.empty() || id != last_id) streams.emplace_back();
    streams.back().emplace_back(line);
    last_id = id;
  }
  return streams;
}

struct Texts {
  std::string content, reasoning;
};

void add_string(const json& from, const char* key, std::string& out) {
  if (from.contains(key) && from[key].is_string()) out += from[key].get<std::string>();
}

Texts joined_deltas(const std::vector<std::string>& lines) {
  Texts texts;
  for (const std::string& line : lines) {
    const json chunk = json::parse(line);
    for (const json& choice : chunk["choices"]) {
      add_string(choice["delta"], "content", texts.content);
      add_string(choice["delta"], "reasoning", texts.reasoning);
      add_string(choice["delta"], "reasoning_content", texts.reasoning);
    }
  }
  return texts;
}

std::string as_events(const std::vector<std::string>& lines) {
  std::string body;
  for (const std::string& line : lines) body += testing::event(line);
  return body + testing::done();
}

struct Recording {
  const char* file;
  std::size_t stream;  // of the file
  Finish finish;
  Usage usage;
  std::int64_t total_us;  // of ServerTimes
};
const Recording kStreams[] = {
    {"groq/groq-text.chunks.txt", 0, Finish::stop, {45, 0, 662, 0}, 2656170},
    {"groq/groq-reasoning.chunks.txt", 0, Finish::stop, {17, 0, 1107, 963}, 3206963},
    {"groq/groq-tool-call.chunks.txt", 0, Finish::stop, {210, 0, 15, 0}, 57009},
    {"deepseek/deepseek-text.chunks.txt", 0, Finish::length, {13, 0, 400, 0}, 0},
    {"deepseek/deepseek-reasoning.chunks.txt", 0, Finish::stop, {18, 0, 219, 205}, 0},
    {"deepseek/deepseek-tool-call.chunks.txt", 0, Finish::stop, {339, 320, 83, 39}, 0},
    // xAI's completion_tokens 2 and 26 leave out the 340 and 227 of reasoning.
    {"openai-compatible/xai-text.chunks.txt", 0, Finish::stop, {12, 11, 342, 340}, 0},
    {"openai-compatible/xai-tool-call.chunks.txt", 0, Finish::stop, {307, 306, 253, 227}, 0},
    {"cerebras/cererebras-structured-output-tools.1.chunks.txt",
     0,
     Finish::stop,
     {322, 256, 104, 97},
     184402},
    {"cerebras/cererebras-structured-output-tools.1.chunks.txt",
     1,
     Finish::stop,
     {433, 256, 122, 108},
     344095},
};

TEST_F(WireRecorded, Streams) {
  for (const Recording& recording : kStreams) {
    SCOPED_TRACE(recording.file);
    const auto streams = streams_of(wire_folder() + recording.file);
    ASSERT_GT(streams.size(), recording.stream);
    const std::vector<std::string>& lines = streams[recording.stream];
    const Texts texts = joined_deltas(lines);
    for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{1400}}) {
      const WireResult result = testing::read(
          {.content_type = "text/event-stream", .body = as_events(lines), .piece_bytes = piece});
      ASSERT_FALSE(result.error) << result.error->message;
      EXPECT_EQ(result.completion.text, texts.content);
      EXPECT_EQ(result.completion.reasoning, texts.reasoning);
      EXPECT_EQ(result.completion.finish, recording.finish);
      EXPECT_EQ(result.completion.usage, recording.usage);
      EXPECT_EQ(result.completion.server.total_us, recording.total_us);
    }
  }
}

// Whole only once the line with the finish reason is there. The long ones are cut at every 101st
// byte, and around that line's end.
TEST_F(WireRecorded, StreamsCutAtEachByte) {
  for (const Recording& recording : kStreams) {
    SCOPED_TRACE(recording.file);
    const std::string body =
        as_events(streams_of(wire_folder() + recording.file)[recording.stream]);
    const std::size_t told = body.find('\n', body.find("\"finish_reason\":\""));
    const auto is_whole = [&](std::size_t n) {
      return !testing::read_stream(body.substr(0, n), Api::openai, /*whole=*/false).error;
    };
    const std::size_t step = body.size() > 20'000 ? 101 : 1;
    for (std::size_t n = 0; n < body.size(); n += step) ASSERT_EQ(is_whole(n), n >= told) << n;
    EXPECT_FALSE(is_whole(told - 1));
    EXPECT_TRUE(is_whole(told));
  }
}

TEST_F(WireRecorded, Documents) {
  const std::pair<const char*, Usage> kDocuments[] = {
      {"groq/groq-reasoning.json", {17, 0, 649, 570}},
      {"groq/groq-text.json", {45, 0, 607, 0}},
      {"groq/groq-tool-call.json", {218, 0, 15, 0}},
      {"deepseek/deepseek-json.json", {495, 320, 144, 118}},
      {"deepseek/deepseek-reasoning.json", {18, 0, 345, 315}},
      {"deepseek/deepseek-text.json", {13, 0, 300, 0}},
      {"deepseek/deepseek-tool-call.json", {339, 320, 92, 48}},
      {"openai-compatible/xai-text.json", {12, 2, 322, 320}},
      {"openai-compatible/xai-tool-call.json", {307, 244, 281, 255}},
      {"cerebras/cerebras-structured-output-tools.1.json", {322, 256, 65, 58}},
      {"cerebras/cerebras-structured-output-tools.2.json", {394, 256, 63, 50}}};
  for (const auto& [file, usage] : kDocuments) {
    SCOPED_TRACE(file);
    const std::string body = contents(wire_folder() + file);
    const json message = json::parse(body)["choices"][0]["message"];
    Texts texts;
    add_string(message, "content", texts.content);
    add_string(message, "reasoning", texts.reasoning);
    add_string(message, "reasoning_content", texts.reasoning);
    const WireResult result = testing::read_document(body);
    ASSERT_FALSE(result.error) << result.error->message;
    EXPECT_EQ(result.completion.text, texts.content);
    EXPECT_EQ(result.completion.reasoning, texts.reasoning);
    EXPECT_EQ(result.completion.usage, usage);
    for (std::size_t n = 0; n < strip(body).size(); ++n)
      ASSERT_TRUE(testing::read_document(body.substr(0, n)).error) << n;
  }
}

TEST_F(WireRecorded, AnEventStreamAsItWas) {
  const std::string body =
      contents(wire_folder() + "openai-compatible/anthropic-fallback-tool-call.sse");
  const WireResult result = testing::read_stream(body);
  ASSERT_FALSE(result.error) << result.error->message;
  EXPECT_EQ(result.completion.text, "Reading it.");
}

// A transcription is no chat completion: an error that says what is missing.
TEST_F(WireRecorded, ADocumentOfAnotherKind) {
  const WireResult result =
      testing::read_document(contents(wire_folder() + "groq/groq-transcription-text.json"));
  EXPECT_EQ(result.error.value_or(WireError{}).message, "choices is missing");
}

// ---- cassettes: YAML, which Python turns into one JSON line a response

constexpr const char* kConvert = R"py(
import glob, json, sys, yaml
for path in sorted(glob.glob(sys.argv[1] + '/*.yaml')):
    for one in yaml.safe_load(open(path)).get('interactions', []):
        response, uri = one.get('response', {}), one.get('request', {}).get('uri', '')
        if 'chat/completions' not in uri and 'anthropic.com' not in uri: continue
        parsed, raw = response.get('parsed_body'), response.get('body', {}).get('string', '')
        print(json.dumps({'uri': uri, 'file': path, 'status': response['status']['code'],
                          'body': raw or json.dumps(parsed, ensure_ascii=False)}))
)py";

bool has_yaml() { return std::system("python3 -c 'import yaml' 2>/dev/null") == 0; }

std::vector<json> cassettes() {
  const std::string command =
      "python3 - '" + wire_folder() + "cassettes' <<'END'\n" + std::string(kConvert) + "END\n";
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  for (char buffer[4096]; pipe != nullptr;) {
    const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe);
    if (n == 0) break;
    output.append(buffer, n);
  }
  if (pipe != nullptr) ::pclose(pipe);
  std::vector<json> all;
  for (const std::string_view line : split(output, '\n')) all.push_back(json::parse(line));
  return all;
}

void expect_document(const json& cassette, const WireResult& result) {
  const json body = json::parse(cassette["body"].get<std::string>());
  if (cassette["status"] != 200) {
    ASSERT_TRUE(result.error);
    EXPECT_TRUE(result.error->message.starts_with(body["error"]["message"].get<std::string>()))
        << result.error->message;
    return;
  }
  ASSERT_FALSE(result.error) << result.error->message;
  EXPECT_EQ(result.completion.usage.prompt, body["usage"]["prompt_tokens"]);
  EXPECT_EQ(result.completion.usage.completion, body["usage"]["completion_tokens"]);
  const json& message = body["choices"][0]["message"];
  if (!message.contains("content") || !message["content"].is_string()) return;
  const std::string content = message["content"];
  if (!content.starts_with("<think>")) {
    EXPECT_EQ(result.completion.text, content);
    return;
  }
  const bool is_closed = content.find("</think>") != content.npos;  // the other ran out of tokens
  EXPECT_EQ(result.completion.text.empty(), !is_closed);
  EXPECT_TRUE(content.ends_with(result.completion.text));
  EXPECT_EQ(result.completion.text.find("think>"), content.npos);
  EXPECT_FALSE(result.completion.reasoning.empty());
}

TEST_F(WireRecorded, Cassettes) {
  if (!has_yaml()) GTEST_SKIP() << "needs Python's yaml to read the cassettes";
  std::map<std::string, int> seen;
  for (const json& cassette : cassettes()) {
    SCOPED_TRACE(cassette["file"].get<std::string>());
    const std::string body = cassette["body"], uri = cassette["uri"];
    const bool is_stream = body.starts_with("data:");
    const WireResult result =
        testing::read({.api = uri.find("anthropic") != uri.npos ? Api::anthropic : Api::openai,
                       .status = cassette["status"],
                       .content_type = is_stream ? "text/event-stream" : "application/json",
                       .body = body});
    ++seen[is_stream ? "stream" : result.error ? "error" : "document"];
    if (!is_stream) expect_document(cassette, result);
    if (!is_stream) continue;
    if (body.find("event: error") != body.npos) {
      EXPECT_EQ(result.error.value_or(WireError{}).code, "tool_use_failed");
    } else {
      EXPECT_FALSE(result.error) << result.error->message;
    }
  }
  EXPECT_GE(seen["document"], 20);
  EXPECT_GE(seen["error"], 4);
  EXPECT_GE(seen["stream"], 4);
}

}  // namespace
}  // namespace evalrun
