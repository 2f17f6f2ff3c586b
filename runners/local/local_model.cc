#include "runners/local/local_model.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "harness/core/hash.h"
#include "harness/core/resources.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

constexpr const char* kEmbedded = "hw/llama/tiny/evalrun-tiny.gguf";

struct Bytes {
  std::unique_ptr<MappedModel> file;  // nullptr: in the program
  std::span<const std::byte> bytes;
  std::string source;  // for messages
  std::string sha256;
};

Result<Bytes> read_bytes(const std::string& path) {
  if (path.empty()) {
    const auto resource = find_resource(kEmbedded);
    if (!resource) return usage_error("this build has no embedded model; name a GGUF file");
    return Bytes{nullptr, std::as_bytes(std::span(*resource)), "the embedded model",
                 sha256_hex(*resource)};
  }
  auto file = MappedModel::open(path);
  if (!file) return std::unexpected(file.error());
  auto sha256 = sha256_file(path);
  if (!sha256) return std::unexpected(sha256.error());
  const auto bytes = (*file)->bytes();
  return Bytes{std::move(*file), bytes, path, std::move(*sha256)};
}

Result<const ChatTemplate*> choose_template(const LocalOptions& options, const LlamaModel& model,
                                            const std::string& source) {
  if (options.chat_template.empty()) return find_chat_template(model.chat_template, source);
  if (const ChatTemplate* named = chat_template_named(options.chat_template)) return named;
  std::vector<std::string> names;
  for (const ChatTemplate& t : chat_templates()) names.emplace_back(t.name);
  return usage_error(fmt::format("chat template {}: unknown{}", options.chat_template,
                                 did_you_mean(options.chat_template, names)));
}

// Blocks of keys and values that a quarter of this machine's memory holds.
std::size_t affordable_blocks(const LlamaConfig& config) {
  const auto memory = std::size_t(::sysconf(_SC_PHYS_PAGES)) * std::size_t(::sysconf(_SC_PAGESIZE));
  return memory / 4 / (sizeof(float) * KvCache::block_floats(config.layers, config.kv_width()));
}

Result<BatcherOptions> batcher_options(const LocalOptions& options, const LlamaConfig& config,
                                       const std::string& source) {
  if (options.max_batch < 1) return usage_error("max_batch: must be at least 1");
  if (options.threads < 0 || options.context < 0) {
    return usage_error("threads and context: must not be negative");
  }
  if (std::size_t(options.context) > config.context) {
    return usage_error(fmt::format("{}: context: the model was made for {} tokens, not {}", source,
                                   config.context, options.context));
  }
  const std::size_t affordable = affordable_blocks(config);
  const std::size_t fits = affordable * KvCache::kBlockTokens;
  const std::size_t context =
      options.context > 0 ? std::size_t(options.context) : std::min(config.context, fits);
  if (context < 2 || context > fits) {
    return usage_error(fmt::format("{}: a context of {} tokens does not fit a quarter of memory",
                                   source, context));
  }
  const auto batch = std::size_t(options.max_batch);
  return BatcherOptions{.threads = options.threads,
                        .max_batch = batch,
                        .context = context,
                        .kv_blocks = std::min(affordable, batch * KvCache::blocks_for(context))};
}

Completion failed(std::string why) {
  Completion c;
  c.finish = Finish::error;
  c.error = std::move(why);
  return c;
}

Completion completed(Generated got, std::int64_t prompt_tokens) {
  Completion c;
  c.text = std::move(got.text);
  c.error = std::move(got.error);
  c.finish = got.end == Generated::End::stop     ? Finish::stop
             : got.end == Generated::End::length ? Finish::length
                                                 : Finish::error;
  c.usage.prompt = prompt_tokens;
  c.usage.completion = std::int64_t(got.tokens);
  c.sent_us = got.taken_us;
  c.first_us = got.first_us;
  c.done_us = got.done_us;
  return c;
}

}  // namespace

Result<std::unique_ptr<LocalModel>> LocalModel::open(const LocalOptions& options) {
  auto bytes = read_bytes(options.path);
  if (!bytes) return std::unexpected(bytes.error());
  auto model = load_llama(bytes->bytes, bytes->source);
  if (!model) return std::unexpected(model.error());
  const auto chat = choose_template(options, *model, bytes->source);
  if (!chat) return std::unexpected(chat.error());
  const auto batching = batcher_options(options, model->config, bytes->source);
  if (!batching) return std::unexpected(batching.error());

  std::unique_ptr<LocalModel> out(
      new LocalModel(std::move(bytes->file), std::move(*model), **chat));
  out->info_ = {.name = out->model_.name,
                .sha256 = bytes->sha256,
                .file_type = out->model_.number_type,
                .chat_template = std::string((*chat)->name),
                .parameters = out->model_.weights.parameters,
                .bytes = std::int64_t(bytes->bytes.size()),
                .context = int(batching->context)};
  out->batcher_ = std::make_unique<Batcher>(out->model_, *batching);
  return out;
}

LocalModel::LocalModel(std::unique_ptr<MappedModel> file, LlamaModel model,
                       const ChatTemplate& chat)
    : file_(std::move(file)), model_(std::move(model)), chat_(chat) {
  const Vocabulary& v = model_.tokenizer.vocabulary();
  if (v.begin >= 0) chat_tokens_.begin = v.tokens[std::size_t(v.begin)];
  if (v.end >= 0) chat_tokens_.end = v.tokens[std::size_t(v.end)];
}

std::vector<TextPiece> LocalModel::pieces(const std::vector<Message>& messages) const {
  return chat_.render(messages, chat_tokens_);
}

std::string LocalModel::render(const std::vector<Message>& messages) const {
  std::string out = model_.tokenizer.vocabulary().add_begin ? chat_tokens_.begin : "";
  for (const TextPiece& piece : pieces(messages)) out += piece.text;
  return out;
}

Result<Generate> LocalModel::prepare(const Request& request) const {
  if (request.max_tokens < 1) return usage_error("max_tokens must be at least 1");
  Generate g;
  g.prompt = model_.tokenizer.encode(pieces(request.messages), true);
  if (g.prompt.empty()) return usage_error("the prompt is empty");
  if (g.prompt.size() >= std::size_t(info_.context)) {
    return usage_error(fmt::format("prompt of {} tokens does not fit the context of {} of {} ({})",
                                   g.prompt.size(), info_.context, info_.name,
                                   to_string(request.key)));
  }
  g.max_tokens = std::size_t(request.max_tokens);
  g.sampling = {request.temperature, request.top_p, request.seed};
  g.stop = request.stop;
  return g;
}

std::future<Completion> LocalModel::submit(Request request) {
  std::promise<Completion> promise;
  std::future<Completion> future = promise.get_future();
  auto prepared = prepare(request);
  if (!prepared) {
    promise.set_value(failed(prepared.error().message));
    return future;
  }
  const auto prompt_tokens = std::int64_t(prepared->prompt.size());
  batcher_->submit(std::move(*prepared),
                   [promise = std::move(promise), prompt_tokens](Generated got) mutable {
                     promise.set_value(completed(std::move(got), prompt_tokens));
                   });
  return future;
}

}  // namespace evalrun
