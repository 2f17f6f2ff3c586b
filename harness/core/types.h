// The vocabulary: what flows between the passes. Plain data; START HERE to read the code.
//
//   Sample -> strategy -> Request -> Completion -> Answer -> scorer -> Score
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "harness/core/gaps.h"
#include "harness/core/result.h"

namespace evalrun {

enum class Role { system, user, assistant };

struct Message {
  Role role = Role::user;
  std::string content;  // UTF-8
  bool operator==(const Message&) const = default;
};

// Which of a suite's prompt forms an answer was asked with; extraction depends on it.
enum class PromptForm { direct, cot };

struct Prompt {
  std::vector<Message> messages;
  std::vector<std::string> stop;  // generation ends before any of these
};

// How an answer is checked. A closed set: a new kind of task adds one struct here and one scorer.
struct ExactLiteral {    // crux-o: the answer is the value of f(input)
  std::string code;      // Python source that defines f
  std::string input;     // argument list of f, without the parentheses
  std::string expected;  // Python source of the value
};
struct PythonAssert {  // crux-i: the answer is a call f(...) whose value is `expected`
  std::string code;
  std::string input;  // the dataset's own arguments (any others with the same value are right too)
  std::string expected;  // Python source of the value
};
struct LetterCount {  // letters: the answer is a number
  std::string word;
  char letter = 0;
  int expected = 0;
};
struct TestCase {
  std::string input;   // stdin, or one JSON value a line: the arguments
  std::string output;  // stdout, or the JSON value of the call
};
// Where a model was told to put its program, and where the official extraction looks for it.
enum class CodeFence { backticks, python_tag, none };
struct PythonTests {  // lcb, lcb-repair: the answer is a program that passes every test
  // The method of class Solution (or function) that is called; "" = the whole program is run, from
  // stdin to stdout.
  std::string entry_point;
  // Reads the tests, public ones first. They are gigabytes a suite, so they are read when a program
  // is judged and dropped afterwards. Thread-safe; error: the file changed or is broken.
  std::function<Result<std::vector<TestCase>>()> load_tests;
  CodeFence fence = CodeFence::backticks;
  std::string erratum;  // a known fault of these tests, such as "several right answers"; "" = none
};
struct CallOutput {      // lcb-exec: the answer is the value of `call`
  std::string code;      // Python source that defines what `call` calls
  std::string call;      // a whole call, such as `minLength(s = "ABFCACDB")`
  std::string expected;  // Python source of the value
};
struct TestOutput {      // lcb-testgen: the answer is an assertion; its right side must be this
  std::string expected;  // JSON
  CodeFence fence = CodeFence::backticks;
};
using Check =
    std::variant<ExactLiteral, PythonAssert, LetterCount, PythonTests, CallOutput, TestOutput>;

struct Sample {
  std::string id;        // unique in its suite, such as "sample_12"
  std::string suite;     // such as "crux-o"
  std::string question;  // the bare task, without the words about the answer's format (CePO's Q)
  Prompt direct;
  Prompt cot;
  Check check;
  std::vector<std::pair<std::string, std::string>> metadata;  // such as {"bucket", "hard"}
  // lcb-repair: an earlier attempt that was right already; it is the answer, and no model is asked.
  std::optional<std::string> given_answer;

  const Prompt& prompt(PromptForm form) const { return form == PromptForm::cot ? cot : direct; }
};

// Names one call for ever: its seed, its place in the journal, its cache entry.
struct CallKey {
  std::string suite;
  std::string sample;
  int epoch = 0;         // repeat index, from 0
  std::string strategy;  // such as "cepo"
  std::string path;      // step within the strategy, such as "candidate=1/plan=4/execute"
  auto operator<=>(const CallKey&) const = default;
};
// "crux-o/sample_12/epoch=0/cepo/candidate=1/plan=4/execute"
std::string to_string(const CallKey& key);

struct Request {
  CallKey key;
  std::vector<Message> messages;
  std::vector<std::string> stop;
  int max_tokens = 1024;   // of the completion
  double temperature = 0;  // 0 = greedy
  double top_p = 1;        // nucleus; 1 = off
  std::uint64_t seed = 0;  // all randomness of this call
};

enum class Finish {
  stop,     // the model ended, or a stop string was met
  length,   // max_tokens or the context ran out
  refused,  // the endpoint declined to answer (content filter)
  error,    // ours or the target's failure; `error` says what
};

struct Usage {  // tokens
  std::int64_t prompt = 0;
  std::int64_t cached = 0;      // of prompt: read from a cache
  std::int64_t completion = 0;  // includes reasoning
  std::int64_t reasoning = 0;   // of completion: hidden thinking
  Usage& operator+=(const Usage& other);
  bool operator==(const Usage&) const = default;
};

// What the endpoint says of its own work, in microseconds; 0 = it does not say.
struct ServerTimes {
  std::int64_t queue_us = 0;
  std::int64_t prompt_us = 0;
  std::int64_t completion_us = 0;
  std::int64_t total_us = 0;
  bool operator==(const ServerTimes&) const = default;
};

struct Completion {
  std::string text;       // valid UTF-8 after Caller; a Model may return any bytes
  std::string reasoning;  // thinking that the endpoint showed; never part of `text`. UTF-8 as text
  Finish finish = Finish::stop;
  std::string error;  // one line, when finish == error
  // With finish == error: no call of this run can succeed (key refused, no such model, no credit),
  // so the run ends.
  bool is_fatal = false;
  Usage usage;
  int attempts = 1;         // that were sent, the failed ones too; 0 = none
  bool from_cache = false;  // answered by --cache: nothing was sent or paid now; times are of then
  // Microseconds since the Unix epoch; 0 = not measured.
  std::int64_t scheduled_us = 0;  // when the strategy asked
  std::int64_t sent_us = 0;       // when the target began to work on it
  std::int64_t first_us = 0;      // first token
  std::int64_t done_us = 0;       // last token
  GapCounts gaps;                 // between the tokens (pieces of the stream) of the answer
  ServerTimes server;
};

// What tokens cost, in US dollars a million.
struct Price {
  double prompt_usd = 0;
  double cached_usd = 0;  // of prompt tokens that the endpoint read from a cache
  double completion_usd = 0;
  std::string as_of;   // the day it was looked up, YYYY-MM-DD
  std::string source;  // where: an address or a file
  bool operator==(const Price&) const = default;
};
double cost_usd(const Price& price, const Usage& usage);

// What one step of a strategy used. Sums over these are the token ledger.
struct StepUse {
  std::string path;  // CallKey::path of the call
  std::string step;  // kind of step: answer plan execute review final rate …
  Usage usage;
  Finish finish = Finish::stop;
  bool discarded = false;  // paid for, and its text was thrown away (a rejected attempt)
  // Which steps (of Answer::steps) had ended before it was asked; nullopt = not recorded.
  std::optional<std::vector<std::int32_t>> after = {};
  std::int32_t shared_with = -1;   // its prompt begins as that step's prompt and text do,
  std::int64_t shared_tokens = 0;  // for about so many tokens
  bool operator==(const StepUse&) const = default;
};

struct Answer {
  std::string text;  // what is scored, before extraction
  PromptForm form = PromptForm::direct;
  std::vector<StepUse> steps;  // sorted by path in call order of the strategy, not of time
};

// What became of one sample under one scorer. Every sample has exactly one.
enum class Verdict {
  right,
  wrong,
  no_answer,      // nothing could be extracted
  program_error,  // the generated program raised, or exited with an error
  crashed,        // the generated program died by a signal
  time_limit,
  memory_limit,
  output_limit,
  model_error,  // ours or the target's: the run is INCOMPLETE
  infra_error,  // ours: the run is INCOMPLETE
};

enum class ScorerKind { official, strict };

// Names as they stand in files and on the command line; parse is the inverse, false if unknown.
std::string_view name(Role role);
std::string_view name(PromptForm form);
std::string_view name(Finish finish);
std::string_view name(Verdict verdict);
std::string_view name(ScorerKind kind);
bool parse(std::string_view text, Role& out);
bool parse(std::string_view text, PromptForm& out);
bool parse(std::string_view text, Finish& out);
bool parse(std::string_view text, Verdict& out);
bool parse(std::string_view text, ScorerKind& out);

// Ours or the target's failure, never the model's wrong answer.
inline bool is_our_failure(Verdict v) {
  return v == Verdict::model_error || v == Verdict::infra_error;
}

}  // namespace evalrun
