#include "hw/llama/pretokenizer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/check.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace evalrun {
namespace {

// The models' published patterns (their tokenizer.json; GPT-2: encoder.py of openai/gpt-2).
constexpr const char* kGpt2 =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr const char* kLlama3 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kDigit = R"(\p{N})";

struct Entry {
  const char* name;
  std::vector<const char*> patterns;
};

const std::vector<Entry>& table() {
  static const std::vector<Entry> entries = {
      {"gpt-2", {kGpt2}},          {"default", {kGpt2}},
      {"llama-bpe", {kLlama3}},    {"llama3", {kLlama3}},
      {"qwen2", {kQwen2}},         {"deepseek-r1-qwen", {kQwen2}},
      {"smollm", {kDigit, kGpt2}}, {"starcoder", {kDigit, kGpt2}},
      {"refact", {kDigit, kGpt2}}};
  return entries;
}

}  // namespace

struct Pretokenizer::Pattern {
  struct Free {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  };
  std::unique_ptr<pcre2_code, Free> code;

  explicit Pattern(const char* text) {
    int error;
    PCRE2_SIZE where;
    // Text may be anything: bytes that are no UTF-8 match nothing and become words of their own.
    code.reset(pcre2_compile(PCRE2_SPTR(text), PCRE2_ZERO_TERMINATED,
                             PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF, &error, &where,
                             nullptr));
    CHECK(code);
    pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);  // without it matching is slower, no more
  }

  void cut(std::string_view text, std::vector<std::string_view>& out) const {
    struct FreeMatch {
      void operator()(pcre2_match_data* m) const { pcre2_match_data_free(m); }
    };
    const std::unique_ptr<pcre2_match_data, FreeMatch> match(
        pcre2_match_data_create_from_pattern(code.get(), nullptr));
    std::size_t at = 0;  // what is before it is out
    while (at < text.size()) {
      const int found = pcre2_match(code.get(), PCRE2_SPTR(text.data()), text.size(), at, 0,
                                    match.get(), nullptr);
      if (found < 1) break;  // no more, or PCRE2's limits: the rest is one word
      const PCRE2_SIZE* span = pcre2_get_ovector_pointer(match.get());
      if (span[1] <= at) break;
      if (span[0] > at) out.push_back(text.substr(at, span[0] - at));
      out.push_back(text.substr(span[0], span[1] - span[0]));
      at = span[1];
    }
    if (at < text.size()) out.push_back(text.substr(at));
  }
};

Pretokenizer::Pretokenizer(std::vector<Pattern> patterns) : patterns_(std::move(patterns)) {}
Pretokenizer::~Pretokenizer() = default;
Pretokenizer::Pretokenizer(Pretokenizer&&) noexcept = default;

Result<Pretokenizer> Pretokenizer::create(std::string_view name, const std::string& source) {
  if (name.empty()) name = "default";
  std::vector<std::string_view> known;
  for (const Entry& entry : table()) {
    known.push_back(entry.name);
    if (entry.name != name) continue;
    std::vector<Pattern> patterns;
    for (const char* text : entry.patterns) patterns.emplace_back(text);
    return Pretokenizer(std::move(patterns));
  }
  return input_error(fmt::format("{}: tokenizer.ggml.pre: {} is not supported; known are {}",
                                 source, name, fmt::join(known, ", ")));
}

std::vector<std::string_view> Pretokenizer::split(std::string_view text) const {
  std::vector<std::string_view> words{text}, finer;
  for (const Pattern& pattern : patterns_) {
    finer.clear();
    for (std::string_view word : words) pattern.cut(word, finer);
    words.swap(finer);
  }
  return words;
}

}  // namespace evalrun
