// Walks over a JSON Lines file too large to decode: each line's members as spans, and the file's
// hash.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "harness/core/result.h"
#include "tasks/json_span.h"
#include "tasks/mapped_file.h"

namespace evalrun {

// Called for each line in order, counted from 1. Its error ends the walk.
using RowVisitor = std::function<Status(std::size_t line, std::span<const JsonMember> members)>;

// SHA-256 of the file as hex. Every line has to be one JSON object; only the last may lack its
// newline. Errors, the visitor's too, get "FILE:LINE: " in front; a file without lines is one.
//
// The hash is computed by a second thread meanwhile: it is the slower of the two, and both read the
// same pages at about the same time, so that the disk is read once. The pages are given back.
Result<std::string> walk_jsonl(const MappedFile& file, const RowVisitor& visit);

}  // namespace evalrun
