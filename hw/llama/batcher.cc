#include "hw/llama/batcher.h"

#include <algorithm>

#include "harness/core/check.h"
#include "harness/core/clock.h"

namespace evalrun {
namespace {

// Prompt tokens a step may read: enough to keep the kernels' tiles full, few enough that sequences
// that are already answering do not wait long.
constexpr std::size_t kPromptRows = 64;

std::size_t common_prefix(const std::vector<int>& a, const std::vector<int>& b) {
  const auto [x, y] = std::ranges::mismatch(a, b);
  return std::size_t(x - a.begin());
}

}  // namespace

struct Batcher::Sequence {
  Generate request;
  Done done;
  std::vector<int> tokens;  // prompt and answer
  KvSequence kv;
  std::size_t blocks = 0;  // the most it can come to need
  bool finished = false;
  Generated out;

  std::size_t unread() const { return tokens.size() - kv.length; }
};

struct Batcher::Chunk {
  Sequence* sequence;
  std::size_t rows;
  bool wants_logits() const { return rows == sequence->unread(); }
};

Batcher::Batcher(const LlamaModel& model, const BatcherOptions& options)
    : model_(model),
      options_(options),
      parallel_(options.threads),
      cache_(model.config.layers, model.config.kv_width(), options.kv_blocks),
      forward_(model.config, model.weights, cache_, parallel_, options.context),
      thread_([this](std::stop_token stop) { loop(stop); }) {
  CHECK(options.max_batch > 0 && options.context > 1);
  CHECK(options.kv_blocks >= KvCache::blocks_for(options.context));
}

Batcher::~Batcher() {
  thread_.request_stop();
  thread_.join();
}

void Batcher::submit(Generate request, Done done) {
  CHECK(!request.prompt.empty() && request.prompt.size() < options_.context);
  auto s = std::make_unique<Sequence>();
  s->tokens = request.prompt;
  s->blocks = KvCache::blocks_for(std::min(
      options_.context, request.prompt.size() + std::min(options_.context, request.max_tokens)));
  s->request = std::move(request);
  s->done = std::move(done);
  {
    const std::lock_guard lock(mu_);
    queue_.push_back(std::move(s));
  }
  arrived_.notify_one();
}

BatcherStats Batcher::stats() const {
  const std::lock_guard lock(mu_);
  return stats_;
}

void Batcher::loop(std::stop_token stop) {
  while (wait_for_work(stop)) {
    admit();
    if (!active_.empty()) step();
    std::erase_if(active_, [](const auto& s) { return s->finished; });
  }
  const std::lock_guard lock(mu_);
  for (auto& s : queue_) active_.push_back(std::move(s));
  queue_.clear();
  for (auto& s : active_) {
    s->out.end = Generated::End::error;
    s->out.error = "target is shutting down";
    s->done(std::move(s->out));
  }
  active_.clear();
}

// False: the end.
bool Batcher::wait_for_work(std::stop_token stop) {
  std::unique_lock lock(mu_);
  if (active_.empty()) arrived_.wait(lock, stop, [&] { return !queue_.empty(); });
  return !stop.stop_requested();
}

void Batcher::admit() {
  const std::lock_guard lock(mu_);
  while (!queue_.empty() && active_.size() < options_.max_batch &&
         reserved_blocks_ + queue_.front()->blocks <= cache_.capacity_blocks()) {
    reserved_blocks_ += queue_.front()->blocks;
    queue_.front()->out.taken_us = wall_us();
    active_.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
}

// True when a sequence planned before s computes the block of keys and values that s needs next: s
// takes it over in a later step.
bool Batcher::waits_for_a_prefix(const Sequence& s, std::span<const Chunk> planned) const {
  const std::size_t next = s.kv.length + KvCache::kBlockTokens;
  if (!options_.share_prefixes || s.kv.length % KvCache::kBlockTokens || next >= s.tokens.size()) {
    return false;
  }
  return std::ranges::any_of(planned, [&](const Chunk& c) {
    return c.sequence->kv.length <= s.kv.length && c.sequence->tokens.size() >= next &&
           common_prefix(c.sequence->tokens, s.tokens) >= next;
  });
}

// Which rows the next step reads. Never empty: the first sequence waits for nobody.
std::vector<Batcher::Chunk> Batcher::plan() {
  std::vector<Chunk> chunks;
  std::size_t prompt_rows = kPromptRows, reused = 0;
  for (auto& s : active_) {
    if (options_.share_prefixes) reused += cache_.adopt(s->kv, s->tokens);
    const bool answering = s->unread() == 1;
    if (!answering && waits_for_a_prefix(*s, chunks)) continue;
    const std::size_t rows = answering ? 1 : std::min(s->unread(), prompt_rows);
    if (rows == 0) continue;
    if (!answering) prompt_rows -= rows;
    cache_.reserve(s->kv, rows);
    chunks.push_back({s.get(), rows});
  }
  const std::lock_guard lock(mu_);
  stats_.reused_tokens += std::int64_t(reused);
  return chunks;
}

void Batcher::step() {
  const std::vector<Chunk> chunks = plan();
  std::vector<StepRow> rows;
  for (const Chunk& c : chunks) {
    for (std::size_t i = 0; i < c.rows; ++i) {
      const std::size_t position = c.sequence->kv.length + i;
      const bool last = position + 1 == c.sequence->tokens.size();
      rows.push_back({c.sequence->tokens[position], position, &c.sequence->kv, last});
    }
  }
  const std::span<const float> logits = forward_.run(rows);
  {
    const std::lock_guard lock(mu_);
    stats_.steps += 1;
    stats_.rows += std::int64_t(rows.size());
  }
  std::size_t at = 0;
  for (const Chunk& c : chunks) {
    const bool wants_logits = c.wants_logits();
    c.sequence->kv.length += c.rows;
    if (options_.share_prefixes) cache_.publish(c.sequence->kv, c.sequence->tokens);
    if (!wants_logits) continue;
    accept(*c.sequence, logits.subspan(at, model_.tokenizer.size()));
    at += model_.tokenizer.size();
  }
}

void Batcher::accept(Sequence& s, std::span<const float> logits) {
  const int token = sample_token(logits, s.request.sampling, s.out.tokens);
  if (token < 0)
    return finish(s, Generated::End::error, "the model computed a logit that is no number");
  if (s.out.tokens++ == 0) s.out.first_us = wall_us();
  if (model_.tokenizer.is_end(token)) return finish(s, Generated::End::stop);
  append(s, token);
  if (s.finished) return;
  // The last token may stand outside the context: it is not read any more.
  const bool full = s.tokens.size() > options_.context;
  if (full || s.out.tokens >= s.request.max_tokens) finish(s, Generated::End::length);
}

void Batcher::append(Sequence& s, int token) {
  s.tokens.push_back(token);
  std::string& text = s.out.text;
  const std::size_t before = text.size();
  text += model_.tokenizer.decode(token);
  std::size_t first = text.npos;  // a stop string may have begun before this token
  for (const std::string& stop : s.request.stop) {
    if (stop.empty()) continue;
    const std::size_t from = before - std::min(before, stop.size() - 1);
    first = std::min(first, text.find(stop, from));
  }
  if (first == text.npos) return;
  text.resize(first);
  finish(s, Generated::End::stop);
}

void Batcher::finish(Sequence& s, Generated::End end, std::string error) {
  s.finished = true;
  cache_.release(s.kv);
  reserved_blocks_ -= s.blocks;
  s.out.end = end;
  s.out.error = std::move(error);
  s.out.done_us = wall_us();
  {
    const std::lock_guard lock(mu_);
    stats_.sequences += 1;
  }
  s.done(std::move(s.out));
}

}  // namespace evalrun
