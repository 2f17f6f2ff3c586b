// The target that needs no network: a Llama-architecture GGUF file on this machine's CPU.
#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/model.h"
#include "harness/core/result.h"
#include "hw/llama/batcher.h"
#include "hw/llama/chat_template.h"
#include "hw/llama/llama_model.h"
#include "hw/llama/mapped_model.h"

namespace evalrun {

struct LocalOptions {
  std::string path = {};  // GGUF file; "" = the embedded model
  int threads = 0;        // 0 = all
  int max_batch = 16;     // calls worked on at once
  int context = 0;        // tokens; 0 = the model's, but no more than fits a quarter of memory
  std::string chat_template = {};  // a name of hw/llama/chat_template.cc; "" = as the file says
};

struct LocalInfo {
  std::string name;           // general.name of the file
  std::string sha256;         // of the file
  std::string file_type;      // storage of the matrices, such as "F16"
  std::string chat_template;  // name in the table
  std::int64_t parameters = 0;
  std::int64_t bytes = 0;  // of the file
  int context = 0;         // tokens, effective
};

// Usage::cached stays 0 even when prefixes are shared: how much is shared depends on what ran
// before, and usage is part of the reproducible results. stats() has the work that was saved.
class LocalModel : public Model {
 public:
  static Result<std::unique_ptr<LocalModel>> open(const LocalOptions& options);

  // Calls in flight when it is destroyed complete with the error "target is shutting down".
  ~LocalModel() override = default;

  // Renders and cuts the prompt in the calling thread; the rest is the batcher's.
  std::future<Completion> submit(Request request) override;

  const LocalInfo& info() const { return info_; }
  BatcherStats stats() const { return batcher_->stats(); }

  // The exact text that the model sees, template and begin token included. Messages may contain
  // what looks like special tokens; unlike the template's, they are not read as such.
  std::string render(const std::vector<Message>& messages) const;

 private:
  LocalModel(std::unique_ptr<MappedModel> file, LlamaModel model, const ChatTemplate& chat);
  std::vector<TextPiece> pieces(const std::vector<Message>& messages) const;
  Result<Generate> prepare(const Request& request) const;

  std::unique_ptr<MappedModel> file_;  // nullptr: embedded
  LlamaModel model_;
  const ChatTemplate& chat_;
  ChatTokens chat_tokens_;
  LocalInfo info_;
  std::unique_ptr<Batcher> batcher_;  // last: its thread uses the others
};

}  // namespace evalrun
