#include "harness/cached_model.h"

#include <filesystem>
#include <utility>

#include "harness/core/hash.h"
#include "harness/core/text.h"
#include "results/record_json.h"
#include "runners/caller.h"

namespace evalrun {
namespace {

namespace fs = std::filesystem;

std::optional<Completion> read_answer(const std::string& path, const Request& request) {
  const auto bytes = read_file(path);
  if (!bytes) return {};
  auto record = parse_call(strip(*bytes));
  // Another key under this name: a file that was copied or edited.
  if (!record || record->key != request.key || record->completion.finish == Finish::error)
    return {};
  record->completion.from_cache = true;
  record->completion.attempts = 0;
  return std::move(record->completion);
}

void write_answer(const std::string& path, const Request& request, const Completion& completion) {
  std::error_code ignored;  // an answer that cannot be kept is asked for again, no more
  fs::create_directories(fs::path(path).parent_path(), ignored);
  const CallRecord record{request.key, request_sha256(request), completion};
  (void)write_file_atomically(path, to_json_line(record) + "\n");
}

std::future<Completion> ready(Completion completion) {
  std::promise<Completion> promise;
  promise.set_value(std::move(completion));
  return promise.get_future();
}

}  // namespace

CachedModel::CachedModel(std::unique_ptr<Model> inner, std::string dir, std::string identity)
    : inner_(std::move(inner)), dir_(std::move(dir)), identity_(std::move(identity)) {}

Result<std::unique_ptr<CachedModel>> CachedModel::open(std::unique_ptr<Model> inner,
                                                       std::string dir, std::string identity) {
  std::error_code error;
  fs::create_directories(dir, error);
  const std::string probe = dir + "/.writable";
  if (error || !write_file_atomically(probe, ""))
    return usage_error("--cache: " + to_printable(dir, true) + ": cannot be written");
  fs::remove(probe, error);
  return std::unique_ptr<CachedModel>(
      new CachedModel(std::move(inner), std::move(dir), std::move(identity)));
}

std::string CachedModel::path_of(const Request& request) const {
  const std::string hash =
      sha256_hex(identity_ + "\n" + to_string(request.key) + "\n" + request_sha256(request));
  return dir_ + "/" + hash.substr(0, 2) + "/" + hash.substr(2) + ".json";
}

std::future<Completion> CachedModel::submit(Request request) {
  std::string path = path_of(request);
  if (auto kept = read_answer(path, request)) return ready(*std::move(kept));
  std::future<Completion> answer = inner_->submit(request);
  // On the thread that waits for the answer, which has nothing else to do.
  return std::async(std::launch::deferred, [path = std::move(path), request = std::move(request),
                                            answer = std::move(answer)]() mutable {
    Completion completion = answer.get();
    if (completion.finish != Finish::error) write_answer(path, request, completion);
    return completion;
  });
}

}  // namespace evalrun
