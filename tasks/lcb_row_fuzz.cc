#include <cstddef>
#include <cstdint>

#include "harness/core/check.h"
#include "tasks/jsonl_index.h"
#include "tasks/lcb_problem.h"

// Any bytes are rows of each kind or one line of error; never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file =
      evalrun::MappedFile::embedded("fuzz", {reinterpret_cast<const char*>(data), size});
  evalrun::walk_jsonl(*file, [&](std::size_t line, auto members) {
    const auto row = evalrun::parse_lcb_code_row(file, line, members);
    if (row) evalrun::load_lcb_tests(row->tests);
    evalrun::parse_lcb_testgen_row(members);
    const auto exec = evalrun::parse_lcb_exec_row(members);
    return row || exec ? evalrun::Status() : std::unexpected(row.error());
  });
  return 0;
}
