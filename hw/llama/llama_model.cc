#include "hw/llama/llama_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

namespace evalrun {
namespace {

std::string matrix_types(const Gguf& file) {
  std::set<std::string_view> types;
  for (const auto& [tensor, info] : file.tensors) {
    if (info.sizes.size() > 1) types.insert(name(info.type));
  }
  return fmt::format("{}", fmt::join(types, ", "));
}

}  // namespace

Result<LlamaModel> load_llama(std::span<const std::byte> bytes, std::string source_name) {
  const auto file = parse_gguf(bytes, std::move(source_name));
  if (!file) return std::unexpected(file.error());
  auto config = read_config(*file);
  if (!config) return std::unexpected(config.error());
  auto vocabulary = read_vocabulary(*file);
  if (!vocabulary) return std::unexpected(vocabulary.error());
  auto weights = read_weights(*file, *config, vocabulary->tokens.size());
  if (!weights) return std::unexpected(weights.error());
  auto tokenizer = Tokenizer::create(std::move(*vocabulary));
  if (!tokenizer) return std::unexpected(tokenizer.error());
  const auto name = file->text_or("general.name", file->source);
  const auto chat = file->text_or("tokenizer.chat_template", "");
  if (!name) return std::unexpected(name.error());
  if (!chat) return std::unexpected(chat.error());
  return LlamaModel{std::string(*name),  std::string(*chat),   matrix_types(*file), *config,
                    std::move(*weights), std::move(*tokenizer)};
}

}  // namespace evalrun
