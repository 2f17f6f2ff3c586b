// --show: what a person sees while strategies work, and the token count behind the progress line.
#pragma once

#include <string_view>

#include "harness/progress.h"
#include "runners/caller.h"

namespace evalrun {

enum class ShowLevel {
  thinking,  // a status word: the progress line alone
  steps,     // a line a finished step: its path and tokens
  full,      // also the request and the text; long
};
ShowLevel parse_show_level(std::string_view text);

// Thread-safe. Texts of the model are made printable: it is hostile.
class ShowObserver : public CallObserver {
 public:
  ShowObserver(ShowLevel level, Progress& progress) : level_(level), progress_(progress) {}
  void started(const Request& request, std::string_view step) override;
  void finished(const Request& request, std::string_view step, const Completion& completion,
                bool replayed) override;

 private:
  const ShowLevel level_;
  Progress& progress_;
};

}  // namespace evalrun
