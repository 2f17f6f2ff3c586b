// The run folder: everything one run leaves behind, and all that the later passes read.
//
//   manifest.json   what was asked for and with what; written once, before the first call
//   calls.jsonl     a line a finished call, in the order of finishing; only grows
//   samples.jsonl   a line an answered sample, in the order of appending; see cut_samples
//   scores.jsonl    a line a verdict, sorted; written anew, as a whole, by each score pass
//   lock            held by the process that writes
//
// record_json.h says what is in a line, manifest.h what is in the manifest. A run that was killed
// leaves at most one unfinished last line a journal: readers leave it out, the next writer cuts it.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/core/records.h"
#include "harness/core/result.h"
#include "results/folder_lock.h"
#include "results/line_file.h"

namespace evalrun {

// "format" in manifest.json. Another one is another folder layout: it is refused, never guessed at.
inline constexpr const char* kRunFormat = "evalrun-run/1";

class RunFolder {
 public:
  enum class Mode {
    read,    // takes no lock: a report may look at a run that is under way
    append,  // the one writer
  };

  // Makes DIR (and its parents) and writes the manifest, which must carry kRunFormat; open for
  // appending. Error (usage) when DIR holds a run already, (system) in use, not writable.
  static Result<std::unique_ptr<RunFolder>> create(const std::string& dir,
                                                   const std::string& manifest_json);
  // Error (input): no run in DIR, another format (both are named); (system): in use, not readable.
  static Result<std::unique_ptr<RunFolder>> open(const std::string& dir, Mode mode);

  // Thread-safe. Only on a folder open for appending. On return the line is with the system: it
  // survives the death of this process. Error (system), such as a full disk, is for good: every
  // later append to the same journal fails alike.
  Status append(const CallRecord& record);
  Status append(const SampleRecord& record);

  // Takes all but the first `count` lines of samples.jsonl back: answers that have to be made again
  // (their calls are in calls.jsonl, which is never cut).
  Status cut_samples(std::size_t count);

  // Replaces scores.jsonl as a whole, sorted by suite, sample, epoch, strategy, scorer: the same
  // scores are the same bytes, in whatever order they come. Only on a folder open for appending.
  Status replace_scores(std::span<const ScoreRecord> scores);

  // All lines in file order, doubles included (see latest_calls). Error (input):
  // "FILE:LINE: KEY: reason"; (system): the path and the system's reason.
  Result<std::vector<CallRecord>> calls() const;
  Result<std::vector<SampleRecord>> samples() const;
  Result<std::vector<ScoreRecord>> scores() const;  // empty before the first score pass

  const std::string& dir() const { return dir_; }
  const std::string& manifest() const { return manifest_; }  // the file's text
  std::string path(const std::string& file) const { return dir_ + "/" + file; }

 private:
  RunFolder(std::string dir, std::string manifest, std::optional<FolderLock> lock);
  Status open_journals();

  // Constant after construction.
  const std::string dir_;
  const std::string manifest_;
  const std::optional<FolderLock> lock_;  // set when open for appending

  std::mutex mu_;                    // guards the two writers, and the order of their lines
  std::optional<LineWriter> calls_;  // set when open for appending
  std::optional<LineWriter> samples_;
};

// The finished calls, one a key, in file order: a call that ended in error is not finished (it is
// asked again), and of several finished ones the last counts.
std::vector<CallRecord> latest_calls(std::vector<CallRecord> calls);

// One record a sample, epoch and strategy, in file order: an answer counts more than a
// model_error, of two alike the last counts.
std::vector<SampleRecord> latest_samples(std::vector<SampleRecord> samples);

}  // namespace evalrun
