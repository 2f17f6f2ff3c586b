#include "hw/llama/tokenizer.h"

#include <algorithm>

#include "hw/llama/bpe.h"
#include "hw/llama/spm.h"

namespace evalrun {
namespace {

// End-of-answer tokens of the Llama family by name, since many files name only one of theirs.
constexpr std::string_view kEnds[] = {"</s>",       "<|im_end|>",      "<|eot_id|>",
                                      "<|eom_id|>", "<|end_of_text|>", "<|endoftext|>",
                                      "<|end|>",    "<|end_of_turn|>"};

bool is_special(TokenType type) {
  return type == TokenType::control || type == TokenType::user_defined;
}

}  // namespace

Result<Tokenizer> Tokenizer::create(Vocabulary vocabulary) {
  Tokenizer t(std::move(vocabulary));
  auto words = t.vocabulary_.model == "gpt2" ? make_bpe(t.vocabulary_) : make_spm(t.vocabulary_);
  if (!words) return std::unexpected(words.error());
  t.words_ = std::move(*words);
  t.find_special();
  t.fill_tables();
  return t;
}

void Tokenizer::find_special() {
  for (std::size_t id = 0; id < size(); ++id) {
    const std::string& token = vocabulary_.tokens[id];
    if (is_special(vocabulary_.types[id]) && !token.empty()) special_[token[0]].push_back(int(id));
  }
  for (auto& [first, ids] : special_) {
    std::ranges::stable_sort(ids, std::ranges::greater(),
                             [&](int id) { return vocabulary_.tokens[std::size_t(id)].size(); });
  }
}

void Tokenizer::fill_tables() {
  for (std::size_t id = 0; id < size(); ++id) {
    const std::string& token = vocabulary_.tokens[id];
    const TokenType type = vocabulary_.types[id];
    const bool named = is_special(type) && std::ranges::count(kEnds, token);
    ends_.push_back(named || int(id) == vocabulary_.end || int(id) == vocabulary_.end_of_turn);
    const bool silent = type == TokenType::control || type == TokenType::unknown;
    if (silent)
      bytes_.emplace_back();
    else
      bytes_.push_back(type == TokenType::user_defined ? token : words_->decode(token));
  }
}

// The longest special token that text begins with, or -1.
int Tokenizer::special_at(std::string_view text) const {
  const auto found = special_.find(text[0]);
  if (found == special_.end()) return -1;
  for (int id : found->second) {
    if (text.starts_with(vocabulary_.tokens[std::size_t(id)])) return id;
  }
  return -1;
}

std::vector<int> Tokenizer::encode(std::span<const TextPiece> pieces, bool begin) const {
  std::vector<int> out;
  if (begin && vocabulary_.add_begin) out.push_back(vocabulary_.begin);
  std::string plain;  // since the last special token
  const auto flush = [&] {
    if (plain.empty()) return;
    if (vocabulary_.add_space_prefix) plain.insert(0, 1, ' ');
    words_->encode(plain, out);
    plain.clear();
  };
  for (const TextPiece& piece : pieces) {
    if (!piece.special) {
      plain += piece.text;
      continue;
    }
    const std::string_view text = piece.text;
    for (std::size_t i = 0; i < text.size();) {
      const int id = special_at(text.substr(i));
      if (id < 0) {
        plain += text[i++];
      } else {
        flush();
        out.push_back(id);
        i += vocabulary_.tokens[std::size_t(id)].size();
      }
    }
  }
  flush();
  return out;
}

}  // namespace evalrun
