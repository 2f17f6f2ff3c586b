// Each kernel against a slow twin in double, and the two compiled sets against each other, bit for
// bit.
#include "hw/cpu/kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "harness/core/rng.h"
#include "hw/cpu/half.h"
#include "hw/cpu/kernels_table.h"

namespace evalrun {
namespace {

std::vector<float> random_floats(std::size_t n, std::uint64_t seed, float range = 1) {
  Rng rng(seed);
  std::vector<float> out(n);
  for (float& x : out) x = float(rng.uniform() * 2 - 1) * range;
  return out;
}

// A matrix in its storage type, and the numbers it stands for.
struct Stored {
  std::vector<std::byte> bytes;
  std::vector<float> values;
  Matrix matrix;
};

Stored store(NumberType type, std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Stored s{{}, random_floats(rows * columns, seed), {}};
  s.matrix = {type, rows, columns, nullptr, *row_bytes(type, columns)};
  auto put = [&](const auto& v) {
    const auto* p = reinterpret_cast<const std::byte*>(&v);
    s.bytes.insert(s.bytes.end(), p, p + sizeof v);
  };
  Rng rng(seed + 1);
  std::uint16_t scale = 0;
  for (std::size_t i = 0; i < s.values.size(); ++i) {
    float& x = s.values[i];
    if (type == NumberType::f32) put(x);
    if (type == NumberType::f16) put(half_from_float(x)), x = float_from_half(half_from_float(x));
    if (type == NumberType::bf16) {
      put(bfloat_from_float(x)), x = float_from_bfloat(bfloat_from_float(x));
    }
    if (type == NumberType::q8_0) {
      if (i % kQ8BlockValues == 0)
        put(scale = half_from_float(float(0.001 + 0.02 * rng.uniform())));
      const auto q = std::int8_t(int(rng.below(256)) - 128);
      put(q), x = float_from_half(scale) * float(q);
    }
  }
  s.matrix.data = s.bytes.data();
  return s;
}

constexpr NumberType kTypes[] = {NumberType::f32, NumberType::f16, NumberType::bf16,
                                 NumberType::q8_0};

std::vector<const Kernels*> all_kernels() {
  std::vector<const Kernels*> sets{&portable_kernels()};
  if (avx2_kernels()) sets.push_back(avx2_kernels());
  return sets;
}

std::vector<std::uint32_t> bits(const std::vector<float>& x) {
  std::vector<std::uint32_t> out(x.size());
  std::memcpy(out.data(), x.data(), x.size() * sizeof(float));
  return out;
}

TEST(Matmul, AgreesWithItsSlowTwin) {
  for (const Kernels* k : all_kernels()) {
    for (NumberType type : kTypes) {
      for (std::size_t columns : {32u, 172u, 5u, 352u}) {
        if (!row_bytes(type, columns)) continue;
        const std::size_t rows = 19, count = 7;
        const Stored w = store(type, rows, columns, 1 + columns);
        const auto x = random_floats(count * columns, 2);
        std::vector<float> out(count * rows, -1);
        k->matmul(w.matrix, 0, rows, x.data(), count, out.data(), rows);
        for (std::size_t i = 0; i < count; ++i) {
          for (std::size_t r = 0; r < rows; ++r) {
            double expected = 0;
            for (std::size_t c = 0; c < columns; ++c) {
              expected += double(w.values[r * columns + c]) * x[i * columns + c];
            }
            EXPECT_NEAR(out[i * rows + r], expected, 1e-4) << k->name << " " << name(type);
          }
        }
      }
    }
  }
}

TEST(Matmul, ARowsResultDoesNotDependOnItsNeighbours) {
  for (NumberType type : kTypes) {
    const std::size_t rows = 21, columns = 96, count = 11;
    const Stored w = store(type, rows, columns, 3);
    const auto x = random_floats(count * columns, 4);
    std::vector<float> together(count * rows), apart(count * rows);
    kernels().matmul(w.matrix, 0, rows, x.data(), count, together.data(), rows);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t r = 0; r < rows; r += 5) {  // other tiles than above
        kernels().matmul(w.matrix, r, std::min(rows, r + 5), &x[i * columns], 1, &apart[i * rows],
                         rows);
      }
    }
    EXPECT_EQ(bits(together), bits(apart)) << name(type);
  }
}

TEST(Matmul, WritesOnlyItsRows) {
  const Stored w = store(NumberType::f32, 10, 8, 5);
  const auto x = random_floats(8, 6);
  std::vector<float> out(10, 77);
  kernels().matmul(w.matrix, 3, 6, x.data(), 1, out.data(), 10);
  for (std::size_t r = 0; r < 10; ++r) EXPECT_EQ(out[r] == 77, r < 3 || r >= 6) << r;
}

TEST(DecodeRow, GivesTheStoredNumbers) {
  for (NumberType type : kTypes) {
    const Stored w = store(type, 3, 64, 7);
    std::vector<float> row(64);
    kernels().decode_row(w.matrix, 2, row.data());
    EXPECT_EQ(row, std::vector<float>(w.values.end() - 64, w.values.end())) << name(type);
  }
}

TEST(Kernels, PortableAndVectorSetsGiveTheSameBits) {
  const Kernels *fast = avx2_kernels(), &plain = portable_kernels();
  if (!fast) GTEST_SKIP() << "this processor has no AVX2";
  for (std::size_t n : {1u, 8u, 13u, 64u, 99u}) {
    for (NumberType type : kTypes) {
      if (!row_bytes(type, n)) continue;
      const Stored w = store(type, 9, n, n);
      const auto x = random_floats(5 * n, 8);
      std::vector<float> a(45), b(45);
      fast->matmul(w.matrix, 0, 9, x.data(), 5, a.data(), 9);
      plain.matmul(w.matrix, 0, 9, x.data(), 5, b.data(), 9);
      EXPECT_EQ(bits(a), bits(b)) << name(type) << n;
    }
    const auto x = random_floats(n, 9, 20), y = random_floats(n, 10), v = random_floats(n * n, 11);
    auto both = [&](auto run) {
      auto a = x, b = x;
      run(*fast, a), run(plain, b);
      EXPECT_EQ(bits(a), bits(b)) << n;
    };
    both([&](auto& k, auto& o) { k.softmax(o.data(), n); });
    both([&](auto& k, auto& o) { k.silu_times(o.data(), y.data(), n); });
    both([&](auto& k, auto& o) { k.add(o.data(), y.data(), n); });
    both([&](auto& k, auto& o) { k.rmsnorm(x.data(), y.data(), n, 1e-5f, o.data()); });
    both([&](auto& k, auto& o) { k.key_scores(y.data(), v.data(), n, n, n, 0.3f, o.data()); });
    both([&](auto& k, auto& o) { k.mix_values(y.data(), v.data(), n, n, n, o.data()); });
  }
}

TEST(RmsNorm, AgreesWithItsSlowTwin) {
  for (std::size_t n : {64u, 13u}) {
    const auto x = random_floats(n, 12, 3), w = random_floats(n, 13);
    std::vector<float> out(n);
    kernels().rmsnorm(x.data(), w.data(), n, 1e-5f, out.data());
    double squares = 0;
    for (float v : x) squares += double(v) * v;
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_NEAR(out[i], x[i] / std::sqrt(squares / double(n) + 1e-5) * w[i], 1e-5);
    }
  }
}

TEST(Softmax, AgreesWithItsSlowTwin) {
  for (std::size_t n : {1u, 7u, 8u, 300u}) {
    const auto x = random_floats(n, 14, 30);
    auto out = x;
    kernels().softmax(out.data(), n);
    double total = 0;
    for (float v : x) total += std::exp(double(v));
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(out[i], std::exp(double(x[i])) / total, 2e-7);
  }
}

TEST(Softmax, LargeAndEqualScores) {
  std::vector<float> x(5, 1e30f);
  kernels().softmax(x.data(), x.size());
  for (float v : x) EXPECT_FLOAT_EQ(v, 0.2f);
}

TEST(Silu, AgreesWithItsSlowTwinOverItsRange) {
  std::vector<float> gate, up;
  for (float z = -100; z <= 100; z += 0.37f) gate.push_back(z), up.push_back(2);
  auto out = gate;
  kernels().silu_times(out.data(), up.data(), out.size());
  for (std::size_t i = 0; i < gate.size(); ++i) {
    const double z = gate[i], expected = 2 * z / (1 + std::exp(-z));
    EXPECT_NEAR(out[i], expected, 1e-6 * std::max(1.0, std::abs(expected))) << z;
  }
}

TEST(Attention, ScoresAndMixAgreeWithTheirSlowTwins) {
  const std::size_t width = 12, stride = 30, n = 9;
  const auto q = random_floats(width, 15), k = random_floats(n * stride, 16);
  const auto weights = random_floats(n, 17);
  std::vector<float> scores(n), mixed(width, 0.5f);
  kernels().key_scores(q.data(), k.data(), stride, n, width, 0.25f, scores.data());
  kernels().mix_values(weights.data(), k.data(), stride, n, width, mixed.data());
  for (std::size_t t = 0; t < n; ++t) {
    double expected = 0;
    for (std::size_t d = 0; d < width; ++d) expected += double(q[d]) * k[t * stride + d];
    EXPECT_NEAR(scores[t], 0.25 * expected, 1e-6);
  }
  for (std::size_t d = 0; d < width; ++d) {
    double expected = 0.5;
    for (std::size_t t = 0; t < n; ++t) expected += double(weights[t]) * k[t * stride + d];
    EXPECT_NEAR(mixed[d], expected, 1e-6);
  }
}

TEST(Rope, TurnsNeighbouringPairs) {
  const float cosines[] = {0, 1}, sines[] = {1, 0};  // a quarter turn, no turn
  float x[] = {3, 4, 5, 6};
  rope(x, cosines, sines, 2);
  EXPECT_EQ(std::vector<float>(x, x + 4), (std::vector<float>{-4, 3, 5, 6}));
}

}  // namespace
}  // namespace evalrun
