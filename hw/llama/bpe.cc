#include "hw/llama/bpe.h"

#include <fmt/format.h>

#include <array>
#include <queue>

#include "hw/llama/pretokenizer.h"

namespace evalrun {
namespace {

// GPT-2's alphabet: the printable bytes of Latin-1 stand for themselves, the others for the
// characters from U+0100 on. All of them have one or two bytes in UTF-8.
std::array<std::string, 256> alphabet() {
  std::array<std::string, 256> out;
  unsigned next = 256;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte != 0xad);
    const unsigned code = printable ? byte : next++;
    if (code < 0x80) {
      out[byte] = char(code);
    } else {
      out[byte] = {char(0xc0 | code >> 6), char(0x80 | (code & 0x3f))};
    }
  }
  return out;
}

struct Symbol {
  int previous, next;
  int id;  // -1: merged away
};

struct Pair {
  int left, right;        // symbols
  int left_id, right_id;  // what they were when the pair was noted
  int rank, merged;

  bool operator<(const Pair& other) const {  // the queue's top is the largest
    return rank != other.rank ? rank > other.rank : left > other.left;
  }
};

class Bpe : public WordPieces {
 public:
  Bpe(Pretokenizer pre, bool whole_words) : pre_(std::move(pre)), whole_words_(whole_words) {}

  Status read(const Vocabulary& v) {
    for (std::size_t id = 0; id < v.tokens.size(); ++id) ids_.emplace(v.tokens[id], int(id));
    for (std::size_t byte = 0; byte < 256; ++byte) {
      byte_ids_[byte] = find(alphabet_[byte], v.unknown);
      bytes_.emplace(alphabet_[byte], char(byte));
    }
    for (std::size_t rank = 0; rank < v.merges.size(); ++rank) {
      const std::string& merge = v.merges[rank];
      const std::size_t space = merge.find(' ', 1);
      const std::string left = merge.substr(0, space);
      const std::string right = space == merge.npos ? "" : merge.substr(space + 1);
      const int a = find(left, -1), b = find(right, -1), both = find(left + right, -1);
      if (a < 0 || b < 0 || both < 0) {
        return input_error(fmt::format("{}: tokenizer.ggml.merges: {} ('{}') is not made of tokens",
                                       v.source, rank, merge));
      }
      merges_.emplace(key(a, b), Merge{int(rank), both});
    }
    return {};
  }

  void encode(std::string_view text, std::vector<int>& out) const override {
    for (std::string_view word : pre_.split(text)) encode_word(word, out);
  }

  std::string decode(const std::string& token) const override {
    std::string out;
    for (std::size_t at = 0; at < token.size();) {
      const std::size_t n = (unsigned char)token[at] < 0x80 ? 1 : 2;
      const auto found = bytes_.find(token.substr(at, n));
      if (found == bytes_.end()) return token;  // not in the alphabet: written as it is
      out += found->second;
      at += n;
    }
    return out;
  }

 private:
  struct Merge {
    int rank, id;
  };

  static std::uint64_t key(int a, int b) { return std::uint64_t(a) << 32 | std::uint32_t(b); }

  int find(const std::string& token, int otherwise) const {
    const auto found = ids_.find(token);
    return found == ids_.end() ? otherwise : found->second;
  }

  void encode_word(std::string_view word, std::vector<int>& out) const {
    if (whole_words_) {
      std::string written;
      for (char c : word) written += alphabet_[(unsigned char)c];
      if (const int id = find(written, -1); id >= 0) return out.push_back(id);
    }
    std::vector<Symbol> symbols;
    for (char c : word) {
      const int id = byte_ids_[(unsigned char)c], i = int(symbols.size());
      if (id >= 0) symbols.push_back({i - 1, i + 1, id});
    }
    if (symbols.empty()) return;
    symbols.back().next = -1;
    merge(symbols);
    for (int i = 0; i >= 0; i = symbols[std::size_t(i)].next) {
      out.push_back(symbols[std::size_t(i)].id);
    }
  }

  void merge(std::vector<Symbol>& symbols) const {
    std::priority_queue<Pair> queue;
    const auto consider = [&](int left, int right) {
      if (left < 0 || right < 0) return;
      const int a = symbols[std::size_t(left)].id, b = symbols[std::size_t(right)].id;
      const auto found = merges_.find(key(a, b));
      if (found == merges_.end()) return;
      queue.push({left, right, a, b, found->second.rank, found->second.id});
    };
    for (int i = 1; i < int(symbols.size()); ++i) consider(i - 1, i);
    while (!queue.empty()) {
      const Pair pair = queue.top();
      queue.pop();
      Symbol& left = symbols[std::size_t(pair.left)];
      Symbol& right = symbols[std::size_t(pair.right)];
      if (left.id != pair.left_id || right.id != pair.right_id || left.next != pair.right) continue;
      left.id = pair.merged;
      right.id = -1;
      left.next = right.next;
      if (right.next >= 0) symbols[std::size_t(right.next)].previous = pair.left;
      consider(left.previous, pair.left);
      consider(pair.left, left.next);
    }
  }

  Pretokenizer pre_;
  bool whole_words_;  // a word that is a token is that token, whatever the merges say (Llama 3)
  std::array<std::string, 256> alphabet_ = alphabet();
  std::unordered_map<std::string, char> bytes_;  // the alphabet's inverse
  std::unordered_map<std::string, int> ids_;
  std::array<int, 256> byte_ids_{};                  // -1: the vocabulary has no such byte
  std::unordered_map<std::uint64_t, Merge> merges_;  // by the ids of both parts
};

}  // namespace

Result<std::unique_ptr<WordPieces>> make_bpe(const Vocabulary& vocabulary) {
  auto pre = Pretokenizer::create(vocabulary.pre, vocabulary.source);
  if (!pre) return std::unexpected(pre.error());
  auto bpe = std::make_unique<Bpe>(std::move(*pre), vocabulary.pre == "llama-bpe");
  if (Status s = bpe->read(vocabulary); !s) return std::unexpected(s.error());
  return bpe;
}

}  // namespace evalrun
