#include "tasks/jsonl_index.h"

#include <algorithm>
#include <future>
#include <string_view>

#include "harness/core/hash.h"

namespace evalrun {
namespace {

Status walk_lines(const MappedFile& file, const RowVisitor& visit) {
  std::string_view rest = file.bytes();
  const auto wrong = [&](std::size_t line, const Error& why) {
    return fail(why.kind, file.name() + ":" + std::to_string(line) + ": " + why.message);
  };
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const auto members = scan_json_object(rest.substr(0, end));
    if (!members) return wrong(line, members.error());
    if (auto ok = visit(line, *members); !ok) return wrong(line, ok.error());
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

}  // namespace

Result<std::string> walk_jsonl(const MappedFile& file, const RowVisitor& visit) {
  if (file.bytes().empty())
    return input_error(file.name() + ": empty, expected a JSON object a line");
  auto hash = std::async(std::launch::async, [&] { return sha256_hex(file.bytes()); });
  const Status walked = walk_lines(file, visit);
  std::string sha256 = hash.get();
  file.forget(file.bytes());
  if (!walked) return std::unexpected(walked.error());
  return sha256;
}

}  // namespace evalrun
