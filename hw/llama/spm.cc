#include "hw/llama/spm.h"

#include <fmt/format.h>

#include <array>
#include <queue>

namespace evalrun {
namespace {

constexpr std::string_view kSpace = "\xe2\x96\x81";  // U+2581 stands for a space

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool hit = text.substr(at).starts_with(from);
    out += hit ? to : text.substr(at, 1);
    at += hit ? from.size() : 1;
  }
  return out;
}

// Bytes of the character that begins with `lead`; a byte that begins none stands alone.
std::size_t character_size(unsigned char lead) {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

struct Symbol {  // a piece in the making; a list, so that merging is cheap
  int previous, next;
  std::string_view text;
};

struct Pair {  // two neighbours whose union is a token
  int left, right;
  float score;
  std::size_t size;  // of both together: when it no longer fits, the pair is of the past

  bool operator<(const Pair& other) const {  // the queue's top is the largest
    return score != other.score ? score < other.score : left > other.left;
  }
};

class Spm : public WordPieces {
 public:
  explicit Spm(const Vocabulary& v) {
    byte_ids_.fill(v.unknown);
    scores_ = v.scores;
    for (std::size_t id = 0; id < v.tokens.size(); ++id) {
      const std::string& token = v.tokens[id];
      if (v.types[id] == TokenType::byte) {
        if (const int value = byte_value(token); value >= 0)
          byte_ids_[std::size_t(value)] = int(id);
      } else if (v.types[id] == TokenType::normal || v.types[id] == TokenType::user_defined) {
        ids_.emplace(token, int(id));
      }
    }
  }

  void encode(std::string_view text, std::vector<int>& out) const override {
    const std::string escaped = replace_all(text, " ", kSpace);
    std::vector<Symbol> symbols = characters(escaped);
    merge(symbols);
    for (int i = symbols.empty() ? -1 : 0; i >= 0; i = symbols[std::size_t(i)].next) {
      emit(symbols[std::size_t(i)].text, out);
    }
  }

  std::string decode(const std::string& token) const override {
    if (const int value = byte_value(token); value >= 0) return std::string(1, char(value));
    return replace_all(token, kSpace, " ");
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  // "<0x0A>" -> 10; -1 for other tokens.
  static int byte_value(std::string_view token) {
    const auto digit = [](char c) {
      return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>') return -1;
    const int high = digit(token[3]), low = digit(token[4]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  static std::vector<Symbol> characters(std::string_view text) {
    std::vector<Symbol> symbols;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t n = std::min(text.size() - at, character_size((unsigned char)text[at]));
      const int i = int(symbols.size());
      symbols.push_back({i - 1, i + 1, text.substr(at, n)});
      at += n;
    }
    if (!symbols.empty()) symbols.back().next = -1;
    return symbols;
  }

  void merge(std::vector<Symbol>& symbols) const {
    std::priority_queue<Pair> queue;
    const auto consider = [&](int left, int right) {
      if (left < 0 || right < 0) return;
      const std::string_view a = symbols[std::size_t(left)].text;
      const std::string_view both{a.data(), a.size() + symbols[std::size_t(right)].text.size()};
      const auto found = ids_.find(both);
      if (found == ids_.end()) return;
      queue.push({left, right, scores_[std::size_t(found->second)], both.size()});
    };
    for (int i = 1; i < int(symbols.size()); ++i) consider(i - 1, i);
    while (!queue.empty()) {
      const Pair pair = queue.top();
      queue.pop();
      Symbol& left = symbols[std::size_t(pair.left)];
      Symbol& right = symbols[std::size_t(pair.right)];
      if (left.text.empty() || right.text.empty()) continue;
      if (left.text.size() + right.text.size() != pair.size) continue;
      left.text = {left.text.data(), pair.size};
      right.text = {};
      left.next = right.next;
      if (right.next >= 0) symbols[std::size_t(right.next)].previous = pair.left;
      consider(left.previous, pair.left);
      consider(pair.left, left.next);
    }
  }

  void emit(std::string_view piece, std::vector<int>& out) const {
    if (const auto found = ids_.find(piece); found != ids_.end()) {
      out.push_back(found->second);
      return;
    }
    for (char c : piece) {
      const int id = byte_ids_[(unsigned char)c];
      if (id >= 0) out.push_back(id);
    }
  }

  std::unordered_map<std::string, int, Hash, std::equal_to<>> ids_;  // pieces that text may become
  std::vector<float> scores_;                                        // by id
  std::array<int, 256> byte_ids_{};  // by byte; the unknown token, or -1, where there is none
};

}  // namespace

Result<std::unique_ptr<WordPieces>> make_spm(const Vocabulary& vocabulary) {
  if (vocabulary.scores.size() != vocabulary.tokens.size()) {
    return input_error(
        fmt::format("{}: tokenizer.ggml.scores: not one a token", vocabulary.source));
  }
  return std::make_unique<Spm>(vocabulary);
}

}  // namespace evalrun
