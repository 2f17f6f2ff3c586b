#include "hw/sim/train_gpu.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "hw/sim/test_machines.h"

namespace evalrun::sim {
namespace {

using testing::HasSubstr;

GpuSpec gpu(const char* name) { return std::get<GpuSpec>(test_machines().at(name).spec); }

TrainJob job_of(double parameters, std::int64_t sequences = 512) {
  return {.shape = *shape_for_parameters(parameters), .batch_sequences = sequences};
}

GpuTraining train(const TrainJob& job, const GpuLayout& layout, const GpuTrainOptions& options = {},
                  const GpuSpec& spec = gpu("h100")) {
  const auto step = train_on_gpus(spec, job, layout, options);
  EXPECT_TRUE(step) << step.error().message;
  return step ? *step : GpuTraining{};
}

// Rajbhandari et al. 2020, figure 1: 7.5B over 64 GPUs takes 120, 31.4, 16.6 and 1.9 GB.
TEST(TrainGpu, ZeroSplitsTheStateAsInThePaper) {
  const double published_gb[] = {120, 31.4, 16.6, 1.9};
  for (int zero = 0; zero <= 3; ++zero) {
    const GpuMemoryParts memory =
        train(job_of(7.5e9), {.data = 64, .zero = zero, .recompute = Recompute::full}).memory;
    const double state_gb =
        (memory.weights_bytes + memory.gradients_bytes + memory.optimizer_bytes) / 1e9;
    EXPECT_NEAR(state_gb / published_gb[zero], 1, 0.02) << zero;
  }
}

TEST(TrainGpu, TensorAndPipelineSplitTheStateToo) {
  const auto state = [](int tensor, int pipeline) {
    const GpuMemoryParts memory =
        train(job_of(175e9), {.tensor = tensor, .pipeline = pipeline, .zero = 0}).memory;
    return memory.weights_bytes + memory.gradients_bytes + memory.optimizer_bytes;
  };
  EXPECT_NEAR(state(1, 1), 175e9 * 16, 175e9 * 16 * 0.005);
  EXPECT_NEAR(state(8, 1) * 8 / state(1, 1), 1, 1e-9);
  // Twelve stages of eight layers; the first has one of the two tables of 1.6e9.
  EXPECT_NEAR(state(1, 12) / 16, (175e9 - 2 * 1.58e9) / 12 + 1.58e9, 0.05e9);
}

TEST(TrainGpu, PartsAddUp) {
  const GpuTraining step = train(job_of(175e9), {.tensor = 8, .pipeline = 8, .data = 4, .zero = 1},
                                 {.stack = kMegatron2021});
  const GpuStepParts& p = step.parts;
  EXPECT_NEAR(step.step_s,
              p.matrix_s + p.attention_s + p.small_s + p.head_s + p.recompute_s + p.tensor_s +
                  p.send_s + p.bubble_s + p.data_s + p.optimizer_s,
              1e-9);
  for (const double part_s : {p.matrix_s, p.attention_s, p.small_s, p.head_s, p.recompute_s,
                              p.tensor_s, p.send_s, p.bubble_s, p.data_s, p.optimizer_s})
    EXPECT_GT(part_s, 0);
  const GpuMemoryParts& m = step.memory;
  EXPECT_EQ(m.total_bytes(), m.weights_bytes + m.gradients_bytes + m.optimizer_bytes +
                                 m.activations_bytes + m.working_bytes);
  EXPECT_EQ(step.bound, "compute");
  EXPECT_EQ(step.power_w, 256 * 700);
}

// 1F1B with equal stages: (p - 1) / (m + p - 1) of the time; v pieces divide it.
TEST(TrainGpu, BubbleIsThatOfOneForwardOneBackward) {
  TrainJob job = job_of(70e9, 24);
  job.shape.layers = 64;
  job.shape.vocabulary = 128;  // no head to speak of
  GpuLayout layout{.tensor = 8, .pipeline = 8, .zero = 0};
  const GpuTraining plain = train(job, layout);
  const double work_s = plain.step_s - plain.parts.optimizer_s;
  EXPECT_NEAR(plain.parts.bubble_s / work_s, 7.0 / (24 + 7), 0.002);
  layout.virtual_stages = 4;
  EXPECT_NEAR(train(job, layout).parts.bubble_s, plain.parts.bubble_s / 4,
              0.05 * plain.parts.bubble_s);
}

// Sixteen pipelines of one GPU each in eight-way tensor parallel, one GPU of each node in a group:
// 2 x 15/16 x 2 bytes x P/8 over 63 % of 25 GB/s.
TEST(TrainGpu, GradientsCrossTheNodesTwice) {
  const TrainJob job = job_of(20e9);
  GpuTrainOptions options{.stack = kMegatron2021};
  options.parameters.node_link_bytes_per_s = 25e9;
  const GpuTraining step = train(job, {.tensor = 8, .data = 16, .zero = 0}, options, gpu("a100"));
  const double by_hand_s = 2 * 15.0 / 16 * 2 * double(parameters(job.shape)) / 8 / (0.63 * 25e9);
  EXPECT_NEAR(step.parts.data_s / by_hand_s, 1, 1e-6);
}

// A layer runs forward once more than three times: a third more of the products.
TEST(TrainGpu, FullRecomputationCostsOneForwardPass) {
  const TrainJob job = job_of(70e9);
  const GpuTraining all = train(job, {.tensor = 8, .data = 8});
  const GpuTraining none = train(job, {.tensor = 8, .data = 8, .recompute = Recompute::none});
  EXPECT_GT(all.parts.recompute_s, all.parts.matrix_s / 3);
  EXPECT_LT(all.parts.recompute_s, (all.step_s - all.parts.recompute_s) / 2.9);
  EXPECT_EQ(none.parts.recompute_s, 0);
  EXPECT_LT(all.memory.activations_bytes, none.memory.activations_bytes / 5);
}

TEST(TrainGpu, FasterPartsAreNeverSlower) {
  const TrainJob job = job_of(175e9);
  for (const GpuLayout& layout :
       {GpuLayout{.tensor = 8, .pipeline = 8, .data = 8, .zero = 1},
        GpuLayout{.data = 128, .zero = 3}, GpuLayout{.tensor = 4, .data = 32, .zero = 2}})
    for (const TrainStack& stack : {kMegatron2021, kDeepSpeed2021, kFused, kBridge}) {
      const GpuTrainOptions options{.stack = stack};
      const double step_s = train(job, layout, options).step_s;
      const auto faster = [&](auto change) {
        GpuSpec spec = gpu("h100");
        GpuTrainOptions better = options;
        change(spec, better);
        return train(job, layout, better, spec).step_s;
      };
      EXPECT_LE(
          faster([](GpuSpec&, GpuTrainOptions& o) { o.parameters.node_link_bytes_per_s *= 2; }),
          step_s * (1 + 1e-12));
      EXPECT_LE(faster([](GpuSpec& s, GpuTrainOptions&) { s.link_bytes_per_s.value *= 2; }),
                step_s * (1 + 1e-12));
      EXPECT_LT(faster([](GpuSpec& s, GpuTrainOptions&) { s.bf16_flops_per_s.value *= 2; }),
                step_s);
      EXPECT_LT(faster([](GpuSpec& s, GpuTrainOptions&) { s.memory_bytes_per_s.value *= 2; }),
                step_s);
    }
}

TEST(TrainGpu, ABiggerModelIsNeverFaster) {
  double before_s = 0;
  for (double size = 8e9; size < 2e12; size *= 1.5) {
    const double step_s = train(job_of(size), {.tensor = 8, .pipeline = 16, .data = 8}).step_s;
    EXPECT_GT(step_s, before_s) << size;
    before_s = step_s;
  }
}

TEST(TrainGpu, LayoutsThatCannotBeAreRefused) {
  const TrainJob job = job_of(8e9, 16);  // 32 heads, 33 layers
  const auto error = [&](const GpuLayout& layout) {
    const auto step = train_on_gpus(gpu("h100"), job, layout, {});
    return step ? "" : step.error().message;
  };
  EXPECT_EQ(error({}), "");
  EXPECT_THAT(error({.tensor = 16}), HasSubstr("a domain has 8"));
  EXPECT_THAT(error({.tensor = 5}), HasSubstr("does not divide 32 heads"));
  EXPECT_THAT(error({.pipeline = 40}), HasSubstr("40 pipeline stages"));
  EXPECT_THAT(error({.data = 17}), HasSubstr("the batch has 16"));
  EXPECT_THAT(error({.data = 8, .micro_sequences = 4}), HasSubstr("the batch has 16"));
  EXPECT_THAT(error({.zero = 4}), HasSubstr("ZeRO 4"));
  EXPECT_THAT(error({.data = 0}), HasSubstr("count of 0"));
  EXPECT_FALSE(train_on_gpus(gpu("h100"), {.shape = {}}, {}, {}));
}

}  // namespace
}  // namespace evalrun::sim
