// The regular expressions that cut text into words before byte-level BPE; merges never cross words.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

// Immutable: thread-safe.
class Pretokenizer {
 public:
  // name: the file's tokenizer.ggml.pre; "" and "default" mean GPT-2's. Error: an unknown name,
  // because the wrong words would silently be another model's.
  static Result<Pretokenizer> create(std::string_view name, const std::string& source);
  ~Pretokenizer();
  Pretokenizer(Pretokenizer&&) noexcept;

  // Words in order; together they are text. Views into it.
  std::vector<std::string_view> split(std::string_view text) const;

 private:
  struct Pattern;
  explicit Pretokenizer(std::vector<Pattern> patterns);
  std::vector<Pattern> patterns_;  // each cuts the words of the one before
};

}  // namespace evalrun
