#include "hw/llama/vocabulary.h"

#include <fmt/format.h>

namespace evalrun {
namespace {

std::unexpected<Error> wrong(const Gguf& file, std::string_view key, std::string_view why) {
  return input_error(fmt::format("{}: tokenizer.ggml.{}: {}", file.source, key, why));
}

Status read_tokens(const Gguf& file, Vocabulary& v) {
  const auto* tokens = file.texts("tokenizer.ggml.tokens");
  if (!tokens || tokens->empty()) return wrong(file, "tokens", "missing or not strings");
  v.tokens.assign(tokens->begin(), tokens->end());
  v.types.assign(v.tokens.size(), TokenType::normal);
  if (const auto* types = file.numbers("tokenizer.ggml.token_type")) {
    if (types->count != v.tokens.size()) return wrong(file, "token_type", "not one a token");
    for (std::size_t i = 0; i < types->count; ++i) {
      const double type = (*types)[i];
      if (!(type >= 0 && type <= 6)) return wrong(file, "token_type", "not in 0 to 6");
      v.types[i] = type == 0 ? TokenType::normal : TokenType(int(type));
    }
  }
  if (v.model == "gpt2") {
    const auto* merges = file.texts("tokenizer.ggml.merges");
    if (!merges) return wrong(file, "merges", "missing or not strings");
    v.merges.assign(merges->begin(), merges->end());
    return {};
  }
  const auto* scores = file.numbers("tokenizer.ggml.scores");
  if (!scores || scores->count != v.tokens.size()) return wrong(file, "scores", "not one a token");
  for (std::size_t i = 0; i < scores->count; ++i) v.scores.push_back(float((*scores)[i]));
  return {};
}

// Writers say "none" as 2^32 - 1 or by leaving the key out.
Status read_id(const Gguf& file, std::string_view key, std::size_t count, int& id) {
  const auto full = fmt::format("tokenizer.ggml.{}", key);
  const auto got = file.integer_or(full, -1);
  if (!got) return std::unexpected(got.error());
  if (*got == -1 || *got == 0xffffffff) return {};
  if (*got < 0 || *got >= std::int64_t(count)) return wrong(file, key, "no such token");
  id = int(*got);
  return {};
}

Status read_ids(const Gguf& file, Vocabulary& v) {
  const std::pair<const char*, int*> ids[] = {{"bos_token_id", &v.begin},
                                              {"eos_token_id", &v.end},
                                              {"eot_token_id", &v.end_of_turn},
                                              {"unknown_token_id", &v.unknown}};
  for (auto [key, id] : ids) {
    if (Status s = read_id(file, key, v.tokens.size(), *id); !s) return s;
  }
  // What files that do not say mean: SentencePiece models begin with <s>; of the byte-level ones
  // Llama 3's do.
  const bool spm = v.model == "llama";
  const auto add_begin = file.flag_or("tokenizer.ggml.add_bos_token", spm || v.pre == "llama-bpe");
  const auto add_space = file.flag_or("tokenizer.ggml.add_space_prefix", spm);
  if (!add_begin) return std::unexpected(add_begin.error());
  if (!add_space) return std::unexpected(add_space.error());
  v.add_begin = *add_begin && v.begin >= 0;
  v.add_space_prefix = *add_space;
  return {};
}

}  // namespace

Result<Vocabulary> read_vocabulary(const Gguf& file) {
  Vocabulary v;
  v.source = file.source;
  const auto model = file.text("tokenizer.ggml.model");
  if (!model) return std::unexpected(model.error());
  v.model = *model;
  if (v.model != "llama" && v.model != "gpt2") {
    return wrong(file, "model", fmt::format("{} is not supported; use llama or gpt2", v.model));
  }
  const auto pre = file.text_or("tokenizer.ggml.pre", "");
  if (!pre) return std::unexpected(pre.error());
  v.pre = *pre;
  if (Status s = read_tokens(file, v); !s) return std::unexpected(s.error());
  if (Status s = read_ids(file, v); !s) return std::unexpected(s.error());
  return v;
}

}  // namespace evalrun
