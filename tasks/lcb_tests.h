// LiveCodeBench's test cases, as its data files hold them.
//
// A list of tests is JSON: [{"input": str, "output": str, "testtype": "stdin" or "functional"}].
// Private tests are that text, or base64 of zlib of a pickle of that text (as the official
// benchmarks/code_generation.py reads it; we run no pickle, see pickle_string.h).
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "harness/core/types.h"
#include "tasks/mapped_file.h"

namespace evalrun {

// Of one problem's private tests, inflated. The official files total 4.5 GB for 1,055 problems,
// compressed; this is far above one problem's share and far below a machine's memory.
inline constexpr std::size_t kLcbInflatedMax = std::size_t(512) << 20;

// `json`: the list. Error, one line: "test 3: output: missing".
Result<std::vector<TestCase>> parse_lcb_tests(std::string_view json);

// `field`: the JSON string as it stands in the file, with its quotes; either of the two forms.
Result<std::vector<TestCase>> decode_lcb_tests(std::string_view field);

// Where one problem's tests are.
struct LcbTestSpans {
  std::shared_ptr<const MappedFile> file;
  std::size_t line = 0;           // for errors
  std::string_view public_tests;  // JSON strings in the file's bytes
  std::string_view private_tests;
};

// All of them, public ones first; at least one. Thread-safe. Error: "FILE:LINE: key: …"; the file
// changed, which is our failure and nobody's wrong answer.
Result<std::vector<TestCase>> load_lcb_tests(const LcbTestSpans& spans);

}  // namespace evalrun
