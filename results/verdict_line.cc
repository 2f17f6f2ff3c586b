#include "results/verdict_line.h"

#include <utility>

#include "results/json_reader.h"
#include "results/json_writer.h"

namespace evalrun {

std::string to_json_line(const VerdictLine& line) {
  std::string text;
  JsonWriter out(text);
  out.open_object();
  out.member("suite", line.key.suite);
  out.member("sample", line.key.sample);
  out.member("generation", line.key.generation);
  out.member("scorer", name(line.key.scorer));
  out.member("program_sha256", line.key.program_sha256);
  out.member("verdict", name(line.verdict));
  out.member("skipped", line.skipped);
  out.member("explanation", line.explanation);
  out.member("details", line.details);
  out.close_object();
  return text;
}

Result<VerdictLine> parse_verdict_line(std::string_view line) {
  thread_local Json json;  // for its memory
  const Result<JsonValue> root = parse_json(line, json);
  if (!root) return std::unexpected(root.error());
  JsonReader in(*root);
  VerdictLine verdict;
  in.read("suite", verdict.key.suite);
  in.read("sample", verdict.key.sample);
  in.read("generation", verdict.key.generation);
  in.read_name("scorer", verdict.key.scorer);
  in.read("program_sha256", verdict.key.program_sha256);
  in.read_name("verdict", verdict.verdict);
  in.read("skipped", verdict.skipped);
  in.read("explanation", verdict.explanation);
  in.read("details", verdict.details);
  if (const Status status = in.done(); !status) return std::unexpected(status.error());
  return verdict;
}

Result<std::unique_ptr<VerdictLog>> VerdictLog::open(const std::string& path) {
  Result<LineWriter> writer = LineWriter::open(path);
  if (!writer) return std::unexpected(writer.error());
  std::unique_ptr<VerdictLog> log(new VerdictLog(std::move(*writer)));
  const Status read =
      for_each_line(path, LastLine::may_be_torn, [&](std::string_view text) -> Status {
        const Result<VerdictLine> line = parse_verdict_line(text);
        if (!line) return std::unexpected(line.error());
        log->keep(*line);
        return {};
      });
  if (!read) return std::unexpected(read.error());
  return log;
}

std::optional<VerdictLine> VerdictLog::find(const VerdictKey& key) const {
  const std::lock_guard lock(mu_);
  const auto found = verdicts_.find(key);
  if (found == verdicts_.end()) return std::nullopt;
  return found->second;
}

Status VerdictLog::append(const VerdictLine& line) {
  const std::string text = to_json_line(line);
  const std::lock_guard lock(mu_);
  if (Status status = writer_.append(text); !status) return status;
  keep(line);
  return {};
}

void VerdictLog::keep(const VerdictLine& line) {
  if (!is_our_failure(line.verdict)) verdicts_[line.key] = line;
}

}  // namespace evalrun
