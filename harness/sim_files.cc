#include "harness/sim_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/core/resources.h"
#include "harness/core/text.h"
#include "harness/toml_table.h"

namespace evalrun {
namespace {

namespace fs = std::filesystem;
using sim::GpuSpec;
using sim::Machine;
using sim::ModelShape;
using sim::Quantity;
using sim::WaferSpec;

// Far above any machine, far below what overflows: bytes and tokens are counted in 64 bits.
constexpr double kBytesMax = 1e18;
constexpr double kCoresMax = 1e9;
constexpr double kCoreBytesMax = 1e9;
constexpr double kMax = 1e24;
// Far below any machine, and above what makes a simulated token take longer than an age.
constexpr double kMin = 1e-3;
constexpr double kPerSecondMin = 1e6;

enum class Zero { refused, means_none };
enum class Whole { no, yes };

template <typename Spec>
struct Field {
  const char* key;
  Quantity Spec::*member;
  double max = kMax;
  Zero zero = Zero::refused;
  Whole whole = Whole::no;
};

constexpr Field<WaferSpec> kWaferFields[] = {
    {"cores", &WaferSpec::cores, kCoresMax, Zero::refused, Whole::yes},
    {"sram_bytes_per_core", &WaferSpec::sram_bytes_per_core, kCoreBytesMax},
    {"clock_hz", &WaferSpec::clock_hz},
    {"macs_per_core_per_cycle", &WaferSpec::macs_per_core_per_cycle},
    {"sram_bytes_per_core_per_cycle", &WaferSpec::sram_bytes_per_core_per_cycle},
    {"link_bytes_per_cycle", &WaferSpec::link_bytes_per_cycle},
    {"hop_cycles", &WaferSpec::hop_cycles},
    {"io_bytes_per_s", &WaferSpec::io_bytes_per_s},
    {"power_w", &WaferSpec::power_w},
    {"price_usd", &WaferSpec::price_usd, kMax, Zero::means_none},
};

constexpr Field<GpuSpec> kGpuFields[] = {
    {"memory_bytes", &GpuSpec::memory_bytes, kBytesMax},
    {"memory_bytes_per_s", &GpuSpec::memory_bytes_per_s},
    {"bf16_flops_per_s", &GpuSpec::bf16_flops_per_s},
    {"fp8_flops_per_s", &GpuSpec::fp8_flops_per_s, kMax, Zero::means_none},
    {"fp4_flops_per_s", &GpuSpec::fp4_flops_per_s, kMax, Zero::means_none},
    {"link_bytes_per_s", &GpuSpec::link_bytes_per_s},
    {"domain_gpus", &GpuSpec::domain_gpus, 1e6, Zero::refused, Whole::yes},
    {"power_w", &GpuSpec::power_w},
    {"price_usd", &GpuSpec::price_usd, kMax, Zero::means_none},
};

struct ShapeField {
  const char* key;
  std::int64_t ModelShape::*member;
  std::int64_t max;  // of all together, the parameters still fit into 64 bits
};

constexpr ShapeField kShapeFields[] = {
    {"layers", &ModelShape::layers, 10'000},
    {"hidden", &ModelShape::hidden, 1'000'000},
    {"heads", &ModelShape::heads, 10'000},
    {"kv_heads", &ModelShape::kv_heads, 10'000},
    {"head_dim", &ModelShape::head_dim, 10'000},
    {"ffn", &ModelShape::ffn, 10'000'000},
    {"vocabulary", &ModelShape::vocabulary, 10'000'000},
};

bool is_name(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

std::string read_name(TomlTable& in) {
  std::string value = in.text("name", "the name it is called by");
  if (!is_name(value)) in.fail("name", "needs letters, digits, '.', '-' and '_' alone");
  return value;
}

template <typename Spec>
double least_of(const Field<Spec>& field) {
  const std::string_view key = field.key;
  if (field.whole == Whole::yes) return 1;
  return key.ends_with("_per_s") || key.ends_with("_hz") ? kPerSecondMin : kMin;
}

template <typename Spec>
Quantity read_quantity(TomlTable& table, TomlErrors& errors, const Field<Spec>& field) {
  constexpr const char* kForm = R"({value = ..., source = "...", status = "published"})";
  const toml::node* node = table.find(field.key, fmt::format("add it as {}", kForm));
  if (node == nullptr) return {};
  if (!node->is_table()) {
    table.fail(field.key, fmt::format("needs the form {}", kForm));
    return {};
  }
  TomlTable in(*node->as_table(), errors, std::string(field.key) + ".");
  in.expect_only({"value", "source", "status"});
  Quantity out;
  out.value = in.number("value", {.what = field.whole == Whole::yes ? "a whole number" : "a number",
                                  .min = least_of(field),
                                  .is_or_0 = field.zero == Zero::means_none,
                                  .max = field.max,
                                  .is_whole = field.whole == Whole::yes});
  out.source = in.text("source", "where the number was read, or what it was derived from");
  out.is_derived = in.one_of("status", {"published", "derived"}) == "derived";
  return out;
}

template <typename Spec>
Spec read_spec(TomlTable& in, TomlErrors& errors, std::span<const Field<Spec>> fields) {
  std::vector<std::string> known{"name", "title"};
  for (const auto& field : fields) known.emplace_back(field.key);
  in.expect_only(known);
  Spec spec;
  for (const auto& field : fields) spec.*field.member = read_quantity(in, errors, field);
  return spec;
}

template <typename Spec>
int keys_of(const toml::table& table, std::span<const Field<Spec>> fields) {
  return int(std::ranges::count_if(
      fields, [&](const Field<Spec>& field) { return table.contains(field.key); }));
}

// Whichever kind has more of its fields there, so that a missing one is not taken for the other.
Machine read_machine(const toml::table& table, TomlErrors& errors) {
  const std::span<const Field<WaferSpec>> wafer(kWaferFields);
  const std::span<const Field<GpuSpec>> gpu(kGpuFields);
  TomlTable in(table, errors);
  Machine machine;
  if (keys_of(table, wafer) + keys_of(table, gpu) == 0)
    errors.add(table, "cores",
               "is missing; add the fields of a wafer, or memory_bytes and a GPU's");
  if (keys_of(table, wafer) > keys_of(table, gpu))
    machine.spec = read_spec(in, errors, wafer);
  else
    machine.spec = read_spec(in, errors, gpu);
  machine.name = read_name(in);
  machine.title = to_printable(in.text("title", "what people call it"), true);
  return machine;
}

ModelShape read_shape(const toml::table& table, TomlErrors& errors) {
  std::vector<std::string> known{"name", "has_tied_embedding", "source"};
  for (const ShapeField& field : kShapeFields) known.emplace_back(field.key);
  TomlTable in(table, errors);
  in.expect_only(known);
  ModelShape shape;
  shape.name = read_name(in);
  for (const ShapeField& field : kShapeFields) shape.*field.member = in.count(field.key, field.max);
  shape.has_tied_embedding = in.boolean("has_tied_embedding");
  shape.source = in.text("source", "where the shape was read");
  if (errors.empty() && shape.heads % shape.kv_heads != 0)
    in.fail("kv_heads", fmt::format("needs to divide heads, which are {}", shape.heads));
  return shape;
}

// The paths of the *.toml files of a folder, in order of their names.
Result<std::vector<std::string>> toml_files(const std::string& dir, const char* flag) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".toml" && at->is_regular_file())
      files.push_back(at->path().string());
  const std::string shown = fmt::format("{}: {}", flag, to_printable(dir, true));
  if (error) return usage_error(fmt::format("{}: {}", shown, error.message()));
  if (files.empty()) return usage_error(shown + ": holds no *.toml file; name another folder");
  std::ranges::sort(files);
  return files;
}

// Of a text that has been read before.
unsigned line_of_name(const std::string& text) {
  return toml::parse(text)["name"].node()->source().begin.line;
}

template <typename T>
using Parser = Result<T> (*)(std::string_view, const std::string&);

template <typename T>
Result<std::map<std::string, T>> built_in(std::string_view folder, Parser<T> parser) {
  std::map<std::string, T> all;
  for (const Resource& resource : resources()) {
    if (!resource.name.starts_with(folder) || !resource.name.ends_with(".toml")) continue;
    Result<T> one = parser(resource.bytes, std::string(resource.name));
    if (!one) return std::unexpected(one.error());
    std::string name = one->name;
    all.insert_or_assign(std::move(name), *std::move(one));
  }
  return all;
}

template <typename T>
Result<std::map<std::string, T>> load(std::string_view folder, const std::string& user_dir,
                                      const char* flag, Parser<T> parser) {
  auto all = built_in(folder, parser);
  if (!all || user_dir.empty()) return all;
  const auto files = toml_files(user_dir, flag);
  if (!files) return std::unexpected(files.error());
  std::map<std::string, std::string> file_of;  // by name, of the user's
  for (const std::string& file : *files) {
    const auto text = read_file(file);
    if (!text) return usage_error(fmt::format("{}: {}", flag, text.error().message));
    Result<T> one = parser(*text, file);
    if (!one) return std::unexpected(one.error());
    const auto [at, is_new] = file_of.emplace(one->name, file);
    if (!is_new)
      return input_error(fmt::format("{}:{}: name: \"{}\" is taken by {}; give it another",
                                     to_printable(file, true), line_of_name(*text), one->name,
                                     to_printable(at->second, true)));
    std::string name = one->name;
    all->insert_or_assign(std::move(name), *std::move(one));
  }
  return all;
}

}  // namespace

Result<Machine> parse_machine(std::string_view toml, const std::string& source) {
  return parse_toml<Machine>(toml, source, Error::Kind::input, read_machine);
}

Result<ModelShape> parse_model_shape(std::string_view toml, const std::string& source) {
  return parse_toml<ModelShape>(toml, source, Error::Kind::input, read_shape);
}

Result<std::map<std::string, Machine>> load_machines(const std::string& user_dir) {
  return load<Machine>("hw/sim/machines/", user_dir, "--machines", parse_machine);
}

Result<std::map<std::string, ModelShape>> load_model_shapes(const std::string& user_dir) {
  return load<ModelShape>("hw/sim/models/", user_dir, "--models", parse_model_shape);
}

}  // namespace evalrun
