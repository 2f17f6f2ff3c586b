#include "harness/sim_files.h"

#include <fmt/core.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/core/resources.h"
#include "harness/core/text.h"

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

// The text of an error, and where the first one of a file stays.
class FirstError {
 public:
  explicit FirstError(const std::string& source) : source_(source) {}

  void add(const toml::node& at, std::string_view key, std::string_view what) {
    if (!message_.empty()) return;
    const auto line = std::max<toml::source_index>(1, at.source().begin.line);
    message_ = fmt::format("{}:{}: {}: {}", to_printable(source_, true), line,
                           to_printable(key.substr(0, 60), true), what);
  }
  const std::string& message() const { return message_; }

 private:
  const std::string& source_;
  std::string message_;
};

// Reads one table. `prefix` stands before its keys in errors: "cores." for the table of a figure.
class TableReader {
 public:
  TableReader(const toml::table& table, FirstError& error, std::string prefix = "")
      : table_(table), error_(error), prefix_(std::move(prefix)) {}

  // Before anything else: a misspelt key is more useful to hear of than the one it should have
  // been.
  void expect_only(const std::vector<std::string>& known) {
    for (const auto& [key, node] : table_)
      if (std::ranges::find(known, key.str()) == known.end())
        error_.add(node, prefix_ + std::string(key.str()),
                   "unknown key" + did_you_mean(key.str(), known) + "; take it out");
  }

  std::string text(const std::string& key, const char* meaning) {
    const toml::node* node = find(key, fmt::format("add {}, in quotes", meaning));
    if (node == nullptr) return "";
    const auto* value = node->as_string();
    if (value != nullptr && !strip(value->get()).empty()) return value->get();
    error_.add(*node, prefix_ + key, fmt::format("needs {}, in quotes", meaning));
    return "";
  }

  std::string name() {
    std::string value = text("name", "the name it is called by");
    if (!is_name(value))
      error_.add(*table_.get("name"), "name", "needs letters, digits, '.', '-' and '_' alone");
    return value;
  }

  bool boolean(const std::string& key) {
    const toml::node* node = find(key, "add true or false");
    if (node == nullptr) return false;
    if (const auto* value = node->as_boolean()) return value->get();
    error_.add(*node, prefix_ + key, "needs true or false, without quotes");
    return false;
  }

  std::int64_t count(const std::string& key, std::int64_t max) {
    const toml::node* node = find(key, "add a whole number");
    if (node == nullptr) return 0;
    const auto* value = node->as_integer();
    if (value != nullptr && value->get() >= 1 && value->get() <= max) return value->get();
    error_.add(*node, prefix_ + key, fmt::format("needs a whole number from 1 to {}", max));
    return 0;
  }

  template <typename Spec>
  double number(const Field<Spec>& field) {
    const toml::node* node =
        find("value", "add the number, in the unit that the field is named by");
    if (node == nullptr) return 0;
    const auto* integer = node->as_integer();
    const auto* floating = node->as_floating_point();
    const double value = integer    ? double(integer->get())
                         : floating ? floating->get()
                                    : std::nan("");
    const bool is_low = field.zero == Zero::means_none ? value < 0 : value <= 0;
    const bool is_broken = field.whole == Whole::yes && value != std::floor(value);
    if (std::isfinite(value) && !is_low && !is_broken && value <= field.max) return value;
    error_.add(*node, prefix_ + "value",
               fmt::format("needs a {}number {} and at most {:g}",
                           field.whole == Whole::yes ? "whole " : "",
                           field.zero == Zero::means_none ? "from 0" : "above 0", field.max));
    return 0;
  }

  template <typename Spec>
  Quantity quantity(const Field<Spec>& field) {
    constexpr const char* kForm = R"({value = ..., source = "...", status = "published"})";
    const toml::node* node = find(field.key, fmt::format("add it as {}", kForm));
    if (node == nullptr) return {};
    if (!node->is_table()) {
      error_.add(*node, field.key, fmt::format("needs the form {}", kForm));
      return {};
    }
    TableReader in(*node->as_table(), error_, std::string(field.key) + ".");
    in.expect_only({"value", "source", "status"});
    Quantity out;
    out.value = in.number(field);
    out.source = in.text("source", "where the number was read, or what it was derived from");
    out.is_derived = in.is_derived();
    return out;
  }

 private:
  bool is_derived() {
    constexpr const char* kBoth = "\"published\" or \"derived\"";
    const toml::node* node = find("status", fmt::format("add {}", kBoth));
    if (node == nullptr) return false;
    const std::string value = node->value<std::string>().value_or("");
    if (value != "published" && value != "derived")
      error_.add(*node, prefix_ + "status", fmt::format("needs {}", kBoth));
    return value == "derived";
  }

  const toml::node* find(const std::string& key, const std::string& what_to_do) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) error_.add(table_, prefix_ + key, "is missing; " + what_to_do);
    return node;
  }

  const toml::table& table_;
  FirstError& error_;
  const std::string prefix_;
};

template <typename Spec>
Spec read_spec(TableReader& in, std::span<const Field<Spec>> fields) {
  std::vector<std::string> known{"name", "title"};
  for (const auto& field : fields) known.emplace_back(field.key);
  in.expect_only(known);
  Spec spec;
  for (const auto& field : fields) spec.*field.member = in.quantity(field);
  return spec;
}

template <typename Spec>
int keys_of(const toml::table& table, std::span<const Field<Spec>> fields) {
  return int(std::ranges::count_if(
      fields, [&](const Field<Spec>& field) { return table.contains(field.key); }));
}

// Whichever kind has more of its fields there, so that a missing one is not taken for the other.
Machine read_machine(const toml::table& table, FirstError& error) {
  const std::span<const Field<WaferSpec>> wafer(kWaferFields);
  const std::span<const Field<GpuSpec>> gpu(kGpuFields);
  TableReader in(table, error);
  Machine machine;
  if (keys_of(table, wafer) + keys_of(table, gpu) == 0)
    error.add(table, "cores", "is missing; add the fields of a wafer, or memory_bytes and a GPU's");
  if (keys_of(table, wafer) > keys_of(table, gpu))
    machine.spec = read_spec(in, wafer);
  else
    machine.spec = read_spec(in, gpu);
  machine.name = in.name();
  machine.title = in.text("title", "what people call it");
  return machine;
}

ModelShape read_shape(const toml::table& table, FirstError& error) {
  std::vector<std::string> known{"name", "has_tied_embedding", "source"};
  for (const ShapeField& field : kShapeFields) known.emplace_back(field.key);
  TableReader in(table, error);
  in.expect_only(known);
  ModelShape shape;
  shape.name = in.name();
  for (const ShapeField& field : kShapeFields) shape.*field.member = in.count(field.key, field.max);
  shape.has_tied_embedding = in.boolean("has_tied_embedding");
  shape.source = in.text("source", "where the shape was read");
  if (error.message().empty() && shape.heads % shape.kv_heads != 0)
    error.add(*table.get("kv_heads"), "kv_heads",
              fmt::format("needs to divide heads, which are {}", shape.heads));
  return shape;
}

template <typename T>
Result<T> parse(std::string_view toml, const std::string& source,
                T (*read)(const toml::table&, FirstError&)) {
  try {
    FirstError error(source);
    const toml::table table = toml::parse(toml, source);
    T value = read(table, error);
    if (!error.message().empty()) return input_error(error.message());
    return value;
  } catch (const toml::parse_error& error) {
    return input_error(fmt::format("{}:{}: {}", to_printable(source, true),
                                   error.source().begin.line,
                                   to_printable(error.description(), true)));
  }
}

// The paths of the *.toml files of a folder, in order of their names.
Result<std::vector<std::string>> toml_files(const std::string& dir, const char* flag) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".toml") files.push_back(at->path().string());
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
  return parse<Machine>(toml, source, read_machine);
}

Result<ModelShape> parse_model_shape(std::string_view toml, const std::string& source) {
  return parse<ModelShape>(toml, source, read_shape);
}

Result<std::map<std::string, Machine>> load_machines(const std::string& user_dir) {
  return load<Machine>("hw/sim/machines/", user_dir, "--machines", parse_machine);
}

Result<std::map<std::string, ModelShape>> load_model_shapes(const std::string& user_dir) {
  return load<ModelShape>("hw/sim/models/", user_dir, "--models", parse_model_shape);
}

}  // namespace evalrun
