// --cache DIR: answers shared between runs, one file each, found by what was asked.
#pragma once

#include <string>

#include "harness/core/model.h"

namespace evalrun {

// Asks `inner` only for what DIR has no answer to, and keeps what it answers. A key is the SHA-256
// of `identity` (endpoint, model, extra parameters) and of the request: messages, parameters, and
// its seed, path, epoch and sample, so that several samples of one question stay several. Errors
// are not kept. A file that is broken is no answer; several runs may share the folder. Thread-safe.
class CachedModel : public Model {
 public:
  // Makes the folder. Error (usage): it cannot be written.
  static Result<std::unique_ptr<CachedModel>> open(std::unique_ptr<Model> inner, std::string dir,
                                                   std::string identity);

  std::future<Completion> submit(Request request) override;

 private:
  CachedModel(std::unique_ptr<Model> inner, std::string dir, std::string identity);
  std::string path_of(const Request& request) const;

  const std::unique_ptr<Model> inner_;
  const std::string dir_;
  const std::string identity_;
};

}  // namespace evalrun
