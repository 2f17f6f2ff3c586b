// Text to token ids and back.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/core/result.h"
#include "hw/llama/vocabulary.h"

namespace evalrun {

// A part of a prompt. Only where special is true does text such as "<|im_end|>" become that token:
// true for what a chat template wrote, false for what a message says, which is not ours to trust.
struct TextPiece {
  std::string text;
  bool special = false;
};

// Cuts text without special tokens. Two ways: SentencePiece (spm.h), byte-level BPE (bpe.h).
class WordPieces {
 public:
  virtual ~WordPieces() = default;
  virtual void encode(std::string_view text, std::vector<int>& out) const = 0;
  // The bytes of an ordinary token, as they are written into text.
  virtual std::string decode(const std::string& token) const = 0;
};

// Immutable once created: thread-safe.
class Tokenizer {
 public:
  static Result<Tokenizer> create(Vocabulary vocabulary);

  // Pieces that follow each other are cut as one text: the border between a template and a message
  // is no border of tokens, unless a special token stands there. begin: with the begin token in
  // front, if the model has it so.
  std::vector<int> encode(std::span<const TextPiece> pieces, bool begin) const;

  // Bytes, perhaps half a character; nothing for a control token.
  const std::string& decode(int id) const { return bytes_[std::size_t(id)]; }

  // The model has ended its answer.
  bool is_end(int id) const { return ends_[std::size_t(id)]; }

  std::size_t size() const { return vocabulary_.tokens.size(); }
  const Vocabulary& vocabulary() const { return vocabulary_; }

 private:
  explicit Tokenizer(Vocabulary vocabulary) : vocabulary_(std::move(vocabulary)) {}
  void find_special();
  void fill_tables();
  int special_at(std::string_view text) const;

  Vocabulary vocabulary_;
  std::unique_ptr<WordPieces> words_;
  std::unordered_map<char, std::vector<int>> special_;  // by first byte, longest first
  std::vector<std::string> bytes_;                      // by id
  std::vector<bool> ends_;                              // by id
};

}  // namespace evalrun
