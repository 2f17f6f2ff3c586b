#include "harness/sim_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/test_folder.h"

namespace evalrun {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kGpu = R"(name = "mine"
title = "My GPU"
memory_bytes = {value = 80e9, source = "sheet", status = "derived"}
memory_bytes_per_s = {value = 3e12, source = "sheet", status = "published"}
bf16_flops_per_s = {value = 1e15, source = "sheet", status = "published"}
fp8_flops_per_s = {value = 0, source = "none", status = "published"}
fp4_flops_per_s = {value = 0, source = "none", status = "published"}
link_bytes_per_s = {value = 900000000000, source = "sheet", status = "published"}
domain_gpus = {value = 8, source = "board", status = "published"}
power_w = {value = 700, source = "sheet", status = "published"}
price_usd = {value = 0, source = "unknown", status = "published"}
)";

constexpr const char* kShape = R"(name = "tiny"
layers = 2
hidden = 64
heads = 8
kv_heads = 4
head_dim = 8
ffn = 128
vocabulary = 1000
has_tied_embedding = true
source = "config.json"
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string gpu_error(const std::string& from, const std::string& to) {
  const auto machine = parse_machine(replaced(kGpu, from, to), "FILE");
  return machine ? "no error" : machine.error().message;
}

std::string shape_error(const std::string& from, const std::string& to) {
  const auto shape = parse_model_shape(replaced(kShape, from, to), "FILE");
  return shape ? "no error" : shape.error().message;
}

TEST(ParseMachine, ReadsEveryField) {
  const auto machine = parse_machine(kGpu, "FILE");
  ASSERT_TRUE(machine) << machine.error().message;
  EXPECT_EQ(machine->name, "mine");
  EXPECT_EQ(machine->title, "My GPU");
  const auto& gpu = std::get<sim::GpuSpec>(machine->spec);
  EXPECT_EQ(gpu.memory_bytes.value, 80e9);
  EXPECT_TRUE(gpu.memory_bytes.is_derived);
  EXPECT_EQ(gpu.memory_bytes_per_s.value, 3e12);
  EXPECT_FALSE(gpu.memory_bytes_per_s.is_derived);
  EXPECT_EQ(gpu.bf16_flops_per_s.value, 1e15);
  EXPECT_EQ(gpu.fp8_flops_per_s.source, "none");
  EXPECT_EQ(gpu.link_bytes_per_s.value, 9e11);
  EXPECT_EQ(gpu.domain_gpus.value, 8);
  EXPECT_EQ(gpu.power_w.value, 700);
  EXPECT_EQ(gpu.price_usd.value, 0);
}

TEST(ParseMachine, NumbersThatAreNone) {
  const std::string above = "needs a number from 1e+06 to 1e+24";
  for (const char* wrong :
       {"-3e12", "0", "1e-300", "nan", "inf", "-inf", "1e25", "\"3e12\"", "true"})
    EXPECT_EQ(gpu_error("value = 3e12", std::string("value = ") + wrong),
              "FILE:4: memory_bytes_per_s.value: " + above)
        << wrong;
  EXPECT_EQ(gpu_error("value = 0, source = \"unknown\"", "value = -1, source = \"x\""),
            "FILE:11: price_usd.value: needs 0 or a number from 0.001 to 1e+24");
  EXPECT_EQ(gpu_error("value = 8,", "value = 7.5,"),
            "FILE:9: domain_gpus.value: needs a whole number from 1 to 1e+06");
  EXPECT_THAT(gpu_error("value = 3e12, ", ""),
              StartsWith("FILE:4: memory_bytes_per_s.value: is missing; add a number"));
}

TEST(ParseMachine, FieldsThatAreMissingOrUnknown) {
  EXPECT_THAT(
      gpu_error("power_w = {value = 700, source = \"sheet\", status = \"published\"}\n", ""),
      StartsWith("FILE:1: power_w: is missing; add it as {value ="));
  EXPECT_EQ(gpu_error("power_w", "powr_w"),
            "FILE:10: powr_w: unknown key (did you mean \"power_w\"?); take it out");
  EXPECT_THAT(gpu_error("{value = 700, source = \"sheet\", status = \"published\"}", "700"),
              StartsWith("FILE:10: power_w: needs the form {value ="));
  EXPECT_THAT(gpu_error("name = \"mine\"\n", ""), StartsWith("FILE:1: name: is missing"));
  EXPECT_THAT(gpu_error("title = \"My GPU\"", "title = \" \""), StartsWith("FILE:2: title: needs"));
  EXPECT_EQ(gpu_error("\"mine\"", "\"my gpu\""),
            "FILE:1: name: needs letters, digits, '.', '-' and '_' alone");
  EXPECT_THAT(gpu_error("price_usd", "cores"), StartsWith("FILE:11: cores: unknown key"));
  const auto empty = parse_machine("", "FILE");
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().message, StartsWith("FILE:1: cores: is missing"));
  EXPECT_EQ(empty.error().kind, Error::Kind::input);
}

TEST(ParseMachine, AFigureHasASourceAndAStatus) {
  const std::string figure = "{value = 80e9, source = \"sheet\", status = \"derived\"}";
  EXPECT_EQ(
      gpu_error(figure, "{value = 80e9, status = \"derived\"}"),
      "FILE:3: memory_bytes.source: is missing; add where the number was read, or what it was "
      "derived from, in quotes");
  EXPECT_THAT(gpu_error(figure, "{value = 80e9, source = \"\", status = \"derived\"}"),
              StartsWith("FILE:3: memory_bytes.source: needs where the number was read"));
  EXPECT_EQ(gpu_error("\"derived\"", "\"guessed\""),
            "FILE:3: memory_bytes.status: needs \"published\" or \"derived\"");
  EXPECT_EQ(gpu_error(figure, "{value = 80e9, source = \"sheet\"}"),
            "FILE:3: memory_bytes.status: is missing; add \"published\" or \"derived\"");
  EXPECT_EQ(gpu_error(figure, "{value = 1, source = \"s\", status = \"derived\", unit = \"B\"}"),
            "FILE:3: memory_bytes.unit: unknown key; take it out");
}

TEST(ParseModelShape, ReadsEveryField) {
  const auto shape = parse_model_shape(kShape, "FILE");
  ASSERT_TRUE(shape) << shape.error().message;
  EXPECT_EQ(shape->name, "tiny");
  EXPECT_EQ(shape->layers, 2);
  EXPECT_EQ(shape->hidden, 64);
  EXPECT_EQ(shape->heads, 8);
  EXPECT_EQ(shape->kv_heads, 4);
  EXPECT_EQ(shape->head_dim, 8);
  EXPECT_EQ(shape->ffn, 128);
  EXPECT_EQ(shape->vocabulary, 1000);
  EXPECT_TRUE(shape->has_tied_embedding);
  EXPECT_EQ(shape->source, "config.json");
}

TEST(ParseModelShape, NamesFileLineAndKey) {
  for (const char* wrong : {"-2", "0", "2.0", "10001", "\"2\"", "nan"})
    EXPECT_EQ(shape_error("layers = 2", std::string("layers = ") + wrong),
              "FILE:2: layers: needs a whole number from 1 to 10000")
        << wrong;
  EXPECT_EQ(shape_error("ffn = 128\n", ""), "FILE:1: ffn: is missing; add a whole number");
  EXPECT_EQ(shape_error("ffn", "fnn"),
            "FILE:7: fnn: unknown key (did you mean \"ffn\"?); take it out");
  EXPECT_EQ(shape_error("kv_heads = 4", "kv_heads = 3"),
            "FILE:5: kv_heads: needs to divide heads, which are 8");
  EXPECT_EQ(shape_error("kv_heads = 4", "kv_heads = 16"),
            "FILE:5: kv_heads: needs to divide heads, which are 8");
  EXPECT_EQ(shape_error("= true", "= 1"),
            "FILE:9: has_tied_embedding: needs true or false, without quotes");
  EXPECT_THAT(shape_error("source = \"config.json\"\n", ""),
              StartsWith("FILE:1: source: is missing"));
  EXPECT_THAT(shape_error("layers = 2", "layers = "), StartsWith("FILE:2: "));
}

// Half a file: an error that names it, never a crash or an exception. All but the last line is
// needed.
TEST(ParseSimFiles, TruncatedAnywhereIsAnError) {
  for (const std::string text : {kGpu, kShape})
    for (std::size_t n = 0; n + 1 < text.size(); ++n) {
      const auto machine = parse_machine(text.substr(0, n), "FILE");
      ASSERT_FALSE(machine) << n;
      EXPECT_THAT(machine.error().message, StartsWith("FILE:"));
      const auto shape = parse_model_shape(text.substr(0, n), "FILE");
      ASSERT_FALSE(shape) << n;
      EXPECT_THAT(shape.error().message, StartsWith("FILE:"));
    }
}

TEST(LoadMachines, TheBuiltInOnesAreThere) {
  const auto machines = load_machines("");
  ASSERT_TRUE(machines) << machines.error().message;
  for (const char* name : {"a100", "h100", "h200", "b200", "gb200"}) {
    ASSERT_TRUE(machines->contains(name)) << name;
    EXPECT_TRUE(std::holds_alternative<sim::GpuSpec>(machines->at(name).spec)) << name;
  }
  for (const char* name : {"cs2", "cs3"}) {
    ASSERT_TRUE(machines->contains(name)) << name;
    EXPECT_TRUE(std::holds_alternative<sim::WaferSpec>(machines->at(name).spec)) << name;
  }
  // 900,000 cores of 48 KB are the 44 GB that the maker gives.
  const auto& cs3 = std::get<sim::WaferSpec>(machines->at("cs3").spec);
  EXPECT_NEAR(cs3.cores.value * cs3.sram_bytes_per_core.value, 44e9, 0.5e9);
}

// Sizes as the models are named; 8.03 and 70.6 billion are on their cards.
TEST(LoadModelShapes, TheBuiltInOnesHaveTheirSizes) {
  const auto shapes = load_model_shapes("");
  ASSERT_TRUE(shapes) << shapes.error().message;
  const std::pair<const char*, double> billions[] = {
      {"llama3.1-8b", 8.03}, {"llama3.1-70b", 70.6},  {"llama3.1-405b", 405.9},
      {"llama3.2-1b", 1.24}, {"llama3.2-3b", 3.21},   {"llama3.3-70b", 70.6},
      {"llama2-13b", 13.0},  {"codellama-34b", 33.7}, {"qwen2-72b", 72.7}};
  for (const auto& [name, size] : billions) {
    ASSERT_TRUE(shapes->contains(name)) << name;
    EXPECT_NEAR(double(sim::parameters(shapes->at(name))) / 1e9, size, 0.01 * size) << name;
  }
}

TEST(LoadMachines, AUsersNameWins) {
  const TestFolder folder;
  folder.write("h100.toml", replaced(kGpu, "\"mine\"", "\"h100\""));
  folder.write("other.toml", kGpu);
  folder.write("notes.txt", "not TOML");
  const auto machines = load_machines(folder.path());
  ASSERT_TRUE(machines) << machines.error().message;
  EXPECT_EQ(machines->at("h100").title, "My GPU");
  EXPECT_EQ(machines->at("mine").title, "My GPU");
  EXPECT_NE(machines->at("h200").title, "My GPU");
}

TEST(LoadMachines, FoldersThatAreNone) {
  const auto nowhere = load_machines("/nowhere/at/all");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().kind, Error::Kind::usage);
  EXPECT_THAT(nowhere.error().message, StartsWith("--machines: /nowhere/at/all: "));
  const TestFolder folder;
  const auto empty = load_model_shapes(folder.path());
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().message, StartsWith("--models: "));
  EXPECT_THAT(empty.error().message, HasSubstr("holds no *.toml file"));
}

TEST(LoadMachines, OneNameInTwoFilesIsRefused) {
  const TestFolder folder;
  const std::string first = folder.write("a.toml", kGpu);
  const std::string second = folder.write("b.toml", std::string("# again\n") + kGpu);
  const auto machines = load_machines(folder.path());
  ASSERT_FALSE(machines);
  EXPECT_EQ(machines.error().message,
            second + ":2: name: \"mine\" is taken by " + first + "; give it another");
}

}  // namespace
}  // namespace evalrun
