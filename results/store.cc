#include "results/store.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "harness/core/check.h"
#include "harness/core/text.h"
#include "results/json_reader.h"
#include "results/record_json.h"

namespace evalrun {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest.json";
constexpr const char* kCalls = "calls.jsonl";
constexpr const char* kSamples = "samples.jsonl";
constexpr const char* kScores = "scores.jsonl";

Status check_format(const std::string& manifest, const std::string& path) {
  Json json(kFileValuesMax);
  const Result<JsonValue> root = parse_json(manifest, json);
  if (!root) return input_error(path + ": " + root.error().message);
  std::string format;
  if (!(*root)["format"].append_to(format))
    return input_error(path + ": format: is missing; this is not the manifest of a run");
  if (format == kRunFormat) return {};
  return input_error(path + ": format: the run is in \"" + to_printable(format, true) +
                     "\", this evalrun reads \"" + kRunFormat +
                     "\": use the version that wrote it");
}

Status refuse_used_folder(const std::string& dir) {
  for (const char* file : {kManifest, kCalls, kSamples, kScores}) {
    std::error_code ignored;
    if (fs::exists(dir + "/" + file, ignored))
      return usage_error(dir + " already holds a run: use `evalrun resume " + dir +
                         "`, or name another folder");
  }
  return {};
}

template <typename Record>
Result<std::vector<Record>> read_records(const std::string& path, LastLine last,
                                         Result<Record> (*parse)(std::string_view)) {
  std::vector<Record> records;
  std::error_code ignored;
  const std::uintmax_t bytes = fs::file_size(path, ignored);
  const auto visit = [&](std::string_view line) -> Status {
    Result<Record> record = parse(line);
    if (!record) return std::unexpected(std::move(record).error());
    if (records.empty() && !ignored) records.reserve(bytes / (line.size() + 1) + 1);  // a guess
    records.push_back(*std::move(record));
    return {};
  };
  if (Status status = for_each_line(path, last, visit); !status)
    return std::unexpected(std::move(status).error());
  return records;
}

auto score_key(const ScoreRecord& s) {
  return std::tie(s.suite, s.sample, s.epoch, s.strategy, s.scorer);
}

auto sample_key(const SampleRecord& s) { return std::tie(s.suite, s.sample, s.epoch, s.strategy); }

// Keeps the elements whose index is in `chosen`, in order.
template <typename Record>
std::vector<Record> keep(std::vector<Record> records, const std::set<std::size_t>& chosen) {
  std::vector<Record> kept;
  kept.reserve(chosen.size());
  for (const std::size_t index : chosen) kept.push_back(std::move(records[index]));
  return kept;
}

}  // namespace

RunFolder::RunFolder(std::string dir, std::string manifest, std::optional<FolderLock> lock)
    : dir_(std::move(dir)), manifest_(std::move(manifest)), lock_(std::move(lock)) {}

Result<std::unique_ptr<RunFolder>> RunFolder::create(const std::string& dir,
                                                     const std::string& manifest_json) {
  const std::string manifest_path = dir + "/" + kManifest;
  if (Status status = check_format(manifest_json, manifest_path); !status)
    return std::unexpected(std::move(status).error());
  std::error_code error;
  fs::create_directories(dir, error);
  if (error) return system_error(dir + ": " + error.message());
  Result<FolderLock> lock = FolderLock::take(dir);
  if (!lock) return std::unexpected(std::move(lock).error());
  if (Status status = refuse_used_folder(dir); !status)
    return std::unexpected(std::move(status).error());
  if (Status status = write_file_atomically(manifest_path, manifest_json); !status)
    return std::unexpected(std::move(status).error());
  std::unique_ptr<RunFolder> folder(new RunFolder(dir, manifest_json, *std::move(lock)));
  if (Status status = folder->open_journals(); !status)
    return std::unexpected(std::move(status).error());
  return folder;
}

Result<std::unique_ptr<RunFolder>> RunFolder::open(const std::string& dir, Mode mode) {
  const std::string manifest_path = dir + "/" + kManifest;
  std::error_code ignored;
  if (!fs::exists(manifest_path, ignored))
    return input_error(dir + " holds no run: there is no " + kManifest + " in it");
  Result<std::string> manifest = read_file(manifest_path);
  if (!manifest) return std::unexpected(std::move(manifest).error());
  if (Status status = check_format(*manifest, manifest_path); !status)
    return std::unexpected(std::move(status).error());
  std::optional<FolderLock> lock;
  if (mode == Mode::append) {
    Result<FolderLock> taken = FolderLock::take(dir);
    if (!taken) return std::unexpected(std::move(taken).error());
    lock.emplace(*std::move(taken));
  }
  std::unique_ptr<RunFolder> folder(new RunFolder(dir, *std::move(manifest), std::move(lock)));
  if (mode == Mode::append)
    if (Status status = folder->open_journals(); !status)
      return std::unexpected(std::move(status).error());
  return folder;
}

Status RunFolder::open_journals() {
  Result<LineWriter> calls = LineWriter::open(path(kCalls));
  if (!calls) return std::unexpected(std::move(calls).error());
  Result<LineWriter> samples = LineWriter::open(path(kSamples));
  if (!samples) return std::unexpected(std::move(samples).error());
  calls_.emplace(*std::move(calls));
  samples_.emplace(*std::move(samples));
  return {};
}

Status RunFolder::append(const CallRecord& record) {
  EVALRUN_CHECK_WHY(calls_.has_value(), "the folder is open for reading only");
  const std::string line = to_json_line(record);
  const std::lock_guard lock(mu_);
  return calls_->append(line);
}

Status RunFolder::append(const SampleRecord& record) {
  EVALRUN_CHECK_WHY(samples_.has_value(), "the folder is open for reading only");
  const std::string line = to_json_line(record);
  const std::lock_guard lock(mu_);
  return samples_->append(line);
}

Status RunFolder::cut_samples(std::size_t count) {
  EVALRUN_CHECK_WHY(samples_.has_value(), "the folder is open for reading only");
  const std::lock_guard lock(mu_);
  return samples_->keep_lines(count);
}

Status RunFolder::replace_scores(std::span<const ScoreRecord> scores) {
  EVALRUN_CHECK_WHY(lock_.has_value(), "the folder is open for reading only");
  std::vector<const ScoreRecord*> sorted;
  sorted.reserve(scores.size());
  for (const ScoreRecord& score : scores) sorted.push_back(&score);
  std::sort(sorted.begin(), sorted.end(), [](const ScoreRecord* a, const ScoreRecord* b) {
    return score_key(*a) < score_key(*b);
  });
  std::string text;
  for (const ScoreRecord* score : sorted) (text += to_json_line(*score)) += '\n';
  return write_file_atomically(path(kScores), text);
}

Result<std::vector<CallRecord>> RunFolder::calls() const {
  return read_records(path(kCalls), LastLine::may_be_torn, parse_call);
}

Result<std::vector<SampleRecord>> RunFolder::samples() const {
  return read_records(path(kSamples), LastLine::may_be_torn, parse_sample);
}

Result<std::vector<ScoreRecord>> RunFolder::scores() const {
  return read_records(path(kScores), LastLine::must_be_whole, parse_score);
}

std::vector<CallRecord> latest_calls(std::vector<CallRecord> calls) {
  std::set<std::size_t> chosen;
  {
    const auto less = [](const CallKey* a, const CallKey* b) { return *a < *b; };
    std::map<const CallKey*, std::size_t, decltype(less)> last(less);
    for (std::size_t i = 0; i < calls.size(); ++i)
      if (calls[i].completion.finish != Finish::error) last[&calls[i].key] = i;
    for (const auto& [key, index] : last) chosen.insert(index);
  }
  return keep(std::move(calls), chosen);
}

std::vector<SampleRecord> latest_samples(std::vector<SampleRecord> samples) {
  std::set<std::size_t> chosen;
  {
    std::map<decltype(sample_key(samples[0])), std::size_t> last;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto [it, is_new] = last.try_emplace(sample_key(samples[i]), i);
      const bool answered = samples[i].model_error.empty();
      if (!is_new && (answered || !samples[it->second].model_error.empty())) it->second = i;
    }
    for (const auto& [key, index] : last) chosen.insert(index);
  }
  return keep(std::move(samples), chosen);
}

}  // namespace evalrun
