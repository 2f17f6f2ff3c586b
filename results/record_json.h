// Records as lines of JSON: what calls.jsonl, samples.jsonl and scores.jsonl are made of.
//
// Keys stand in a fixed order, so that equal records are equal bytes. Every key is always written,
// but for those of a call that say nothing: "attempts" (1), "from_cache" (false), "gaps" and
// "server_us" (none), "reasoning" (""). A reader takes the keys in any order but neither more nor
// fewer, except that these five and a score's "details" may be missing (version 0.1 had none of
// them): which keys there are is what the format name in manifest.json ("evalrun-run/1") promises.
// "gaps" is a list of [gap_bucket (gaps.h), count]; is_fatal is not kept, a failed call is asked
// again anyway. Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "harness/core/records.h"
#include "harness/core/result.h"

namespace evalrun {

// One line, without the newline at its end. Bytes that are not UTF-8 become U+FFFD.
std::string to_json_line(const CallRecord& record);
std::string to_json_line(const SampleRecord& record);
std::string to_json_line(const ScoreRecord& record);

// The inverse. Error (input): "KEY: reason" or "not valid JSON at byte N"; the caller knows the
// file and the line.
Result<CallRecord> parse_call(std::string_view line);
Result<SampleRecord> parse_sample(std::string_view line);
Result<ScoreRecord> parse_score(std::string_view line);

}  // namespace evalrun
