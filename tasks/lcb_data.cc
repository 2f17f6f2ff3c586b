#include "tasks/lcb_data.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "harness/core/hash.h"
#include "harness/core/resources.h"
#include "tasks/jsonl_index.h"
#include "tasks/lcb_files.h"
#include "tasks/mapped_file.h"

namespace evalrun {
namespace {

using Files = std::vector<std::shared_ptr<const MappedFile>>;

Result<Files> open_files(const std::vector<std::string>& paths) {
  Files files;
  for (const std::string& path : paths) {
    auto file = MappedFile::open(path);
    if (!file) return std::unexpected(file.error());
    files.push_back(*std::move(file));
  }
  return files;
}

Result<Files> find_and_open(const SuiteOptions& options, LcbDataset dataset) {
  const auto paths = find_lcb_files(options, dataset);
  if (!paths) return std::unexpected(paths.error());
  return open_files(*paths);
}

// Refuses a second row of the same name; remembers where the first one stood.
class Names {
 public:
  Status add(const std::string& name, const std::string& file, std::size_t line) {
    const std::string place = file + ":" + std::to_string(line);
    const auto [first, fresh] = first_.emplace(name, place);
    if (fresh) return {};
    return input_error("\"" + name + "\" occurs twice, first at " + first->second);
  }

 private:
  std::map<std::string, std::string> first_;
};

LcbSource source_of(const Files& files, const std::vector<std::string>& hashes) {
  if (files.size() == 1) return {files[0]->name(), hashes[0]};
  std::string lines;
  for (std::size_t i = 0; i < files.size(); ++i)
    lines += hashes[i] + "  " + std::filesystem::path(files[i]->name()).filename().string() + "\n";
  return {files[0]->name() + " and " + std::to_string(files.size() - 1) + " more",
          sha256_hex(lines)};
}

// `parse`: (file, line, members) -> Result<Row>; `name`: the row's unique name.
template <typename Row, typename Parse, typename Name>
Result<LcbRows<Row>> read_rows(const Files& files, Parse parse, Name name) {
  LcbRows<Row> out;
  Names names;
  std::vector<std::string> hashes;
  for (const auto& file : files) {
    auto hash = walk_jsonl(*file, [&](std::size_t line, std::span<const JsonMember> members) {
      auto row = parse(file, line, members);
      if (!row) return Status(std::unexpected(row.error()));
      if (auto ok = names.add(name(*row), file->name(), line); !ok) return ok;
      out.rows.push_back(*std::move(row));
      return Status();
    });
    if (!hash) return std::unexpected(hash.error());
    hashes.push_back(*std::move(hash));
  }
  out.source = source_of(files, hashes);
  return out;
}

Result<LcbRows<LcbCodeRow>> read_code_rows(const Files& files) {
  auto out = read_rows<LcbCodeRow>(files, &parse_lcb_code_row,
                                   [](const LcbCodeRow& row) { return row.problem.question_id; });
  if (out)
    std::ranges::sort(out->rows, {}, [](const LcbCodeRow& row) -> const std::string& {
      return row.problem.question_id;
    });
  return out;
}

}  // namespace

Result<LcbRows<LcbCodeRow>> load_lcb_code_rows(const SuiteOptions& options) {
  const auto files = find_and_open(options, LcbDataset::code_generation_lite);
  if (!files) return std::unexpected(files.error());
  return read_code_rows(*files);
}

Result<LcbRows<LcbCodeRow>> load_lcb_mini_rows() {
  static constexpr std::string_view kResource = "tasks/lcb_mini/lcb_mini.jsonl";
  const auto bytes = find_resource(kResource);
  if (!bytes) return input_error("lcb-mini is not built into this program");
  auto out = read_code_rows({MappedFile::embedded(std::string(kResource), *bytes)});
  if (out) out->source.dataset = "embedded";
  return out;
}

Result<LcbRows<LcbExecRow>> load_lcb_exec_rows(const SuiteOptions& options) {
  const auto files = find_and_open(options, LcbDataset::execution_v2);
  if (!files) return std::unexpected(files.error());
  auto out = read_rows<LcbExecRow>(
      *files, [](const auto&, std::size_t, auto members) { return parse_lcb_exec_row(members); },
      [](const LcbExecRow& row) { return row.id; });
  if (out) std::ranges::stable_sort(out->rows, {}, &LcbExecRow::number);
  return out;
}

Result<LcbRows<LcbTestgenRow>> load_lcb_testgen_rows(const SuiteOptions& options) {
  const auto files = find_and_open(options, LcbDataset::test_generation);
  if (!files) return std::unexpected(files.error());
  auto out = read_rows<LcbTestgenRow>(
      *files, [](const auto&, std::size_t, auto members) { return parse_lcb_testgen_row(members); },
      [](const LcbTestgenRow& row) {
        return row.problem.question_id + "_" + std::to_string(row.test_id);
      });
  if (out)
    std::ranges::sort(out->rows, [](const LcbTestgenRow& a, const LcbTestgenRow& b) {
      return std::tie(a.problem.question_id, a.test_id) <
             std::tie(b.problem.question_id, b.test_id);
    });
  return out;
}

}  // namespace evalrun
