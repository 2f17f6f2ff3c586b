// Runs a fuzz entry (an x_fuzz.cc beside its parser) over a corpus without a fuzzer: each file as
// it is, cut at each byte, and with seeded random changes.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include "harness/core/rng.h"
#include "harness/core/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kCutsMax = 4000;  // of a large file: its first bytes
constexpr int kChangedInputs = 3000;

void feed(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::string changed(std::string bytes, evalrun::Rng& rng) {
  for (std::uint64_t changes = 1 + rng.below(4); changes > 0 && !bytes.empty(); --changes) {
    const std::size_t at = rng.below(bytes.size());
    switch (rng.below(4)) {
      case 0:
        bytes[at] = char(rng.next());
        break;
      case 1:
        bytes.insert(at, 1, "\"[]{}(),:\\'\n\x80\xff"[rng.below(13)]);
        break;
      case 2:
        bytes.erase(at, 1 + rng.below(8));
        break;
      default:  // a piece of it again, elsewhere
        bytes.insert(at, bytes.substr(rng.below(bytes.size()), rng.below(16)));
    }
  }
  return bytes;
}

void replay(const std::string& bytes) {
  feed(bytes);
  for (std::size_t n = 0; n < bytes.size() && n < kCutsMax; ++n) feed(bytes.substr(0, n));
  evalrun::Rng rng(1);
  const int inputs = bytes.size() > 100'000 ? kChangedInputs / 10 : kChangedInputs;
  for (int i = 0; i < inputs; ++i) feed(changed(bytes, rng));
}

}  // namespace

int main(int argc, char** argv) {
  int files = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      const auto bytes = evalrun::read_file(entry.path().string());
      if (!bytes) return 1;
      replay(*bytes);
      ++files;
    }
  std::printf("%d corpus files replayed\n", files);
  return files > 0 ? 0 : 1;
}
