#include "hw/llama/config.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace evalrun {
namespace {

// Larger than any Llama by far, and small enough that no product of three overflows.
constexpr std::int64_t kMaxSize = 1 << 20;

class Reader {
 public:
  explicit Reader(const Gguf& file) : file_(file) {}

  std::size_t size(std::string_view key) { return check(key, file_.integer(full(key))); }
  std::size_t size_or(std::string_view key, std::size_t absent) {
    return check(key, file_.integer_or(full(key), std::int64_t(absent)));
  }
  double positive_or(std::string_view key, double absent) {
    const double v = take(file_.number_or(full(key), absent), absent);
    if (!(v > 0 && std::isfinite(v))) wrong(full(key), fmt::format("{} is out of range", v));
    return v;
  }
  double positive(std::string_view key) {
    if (!file_.has(full(key))) wrong(full(key), "missing");
    return positive_or(key, 1);
  }
  std::string_view text_or(std::string_view key, std::string_view absent) {
    return take(file_.text_or(full(key), absent), absent);
  }
  // The first failure is the one that is told.
  void wrong(std::string_view what, std::string_view why) {
    if (ok_) ok_ = input_error(fmt::format("{}: {}: {}", file_.source, what, why));
  }
  const Status& status() const { return ok_; }

 private:
  static std::string full(std::string_view key) { return fmt::format("llama.{}", key); }

  template <class T>
  T take(Result<T> got, T otherwise) {
    if (got) return *got;
    if (ok_) ok_ = std::unexpected(got.error());
    return otherwise;
  }
  std::size_t check(std::string_view key, Result<std::int64_t> got) {
    const std::int64_t v = take(std::move(got), std::int64_t(1));
    if (v >= 1 && v <= kMaxSize) return std::size_t(v);
    wrong(full(key), fmt::format("{} is out of range", v));
    return 1;
  }

  const Gguf& file_;
  Status ok_;
};

void read_rope(Reader& r, LlamaConfig& c) {
  const std::size_t rotated = r.size_or("rope.dimension_count", c.head_width);
  if (rotated % 2 || rotated > c.head_width) {
    r.wrong("llama.rope.dimension_count", "must be even and at most the head's width");
  }
  c.rope_pairs = rotated / 2;
  c.rope_base = r.positive_or("rope.freq_base", 10000);
  const double scale_linear = r.positive_or("rope.scale_linear", 1);  // the key's old name
  const std::string_view type =
      r.text_or("rope.scaling.type", scale_linear == 1 ? "none" : "linear");
  if (type == "linear") c.rope_factor = r.positive_or("rope.scaling.factor", scale_linear);
  if (type != "linear" && type != "none") {
    r.wrong("llama.rope.scaling.type",
            fmt::format("{} is not supported; use none or linear", type));
  }
}

}  // namespace

Result<LlamaConfig> read_config(const Gguf& file) {
  const auto architecture = file.text("general.architecture");
  if (!architecture) return std::unexpected(architecture.error());
  if (*architecture != "llama") {
    return input_error(fmt::format("{}: general.architecture: {} is not supported; only llama is",
                                   file.source, *architecture));
  }
  Reader r(file);
  LlamaConfig c;
  c.width = r.size("embedding_length");
  c.layers = r.size("block_count");
  c.heads = r.size("attention.head_count");
  c.kv_heads = r.size_or("attention.head_count_kv", c.heads);
  c.hidden = r.size("feed_forward_length");
  c.context = r.size("context_length");
  c.epsilon = float(r.positive("attention.layer_norm_rms_epsilon"));
  c.head_width = r.size_or("attention.key_length", std::max<std::size_t>(1, c.width / c.heads));
  if (r.size_or("attention.value_length", c.head_width) != c.head_width) {
    r.wrong("llama.attention.value_length", "differs from key_length; that is not supported");
  }
  if (!file.has("llama.attention.key_length") && c.width % c.heads) {
    r.wrong("llama.attention.head_count", "does not divide embedding_length");
  }
  if (c.heads % c.kv_heads) {
    r.wrong("llama.attention.head_count_kv", "does not divide head_count");
  }
  if (file.has("llama.expert_count") && file.integer_or("llama.expert_count", 1).value_or(1) != 0) {
    r.wrong("llama.expert_count", "mixtures of experts are not supported");
  }
  read_rope(r, c);
  if (!r.status()) return std::unexpected(r.status().error());
  return c;
}

}  // namespace evalrun
