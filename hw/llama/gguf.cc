#include "hw/llama/gguf.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <utility>

namespace evalrun {
namespace {

// Value types as the format numbers them.
enum : std::uint32_t {
  kU8,
  kI8,
  kU16,
  kI16,
  kU32,
  kI32,
  kF32,
  kBool,
  kString,
  kArray,
  kU64,
  kI64,
  kF64,
  kTypes
};
constexpr std::size_t kTypeBytes[kTypes] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

constexpr std::uint64_t kMaxName = 65535;         // the format's limit for keys
constexpr std::uint64_t kMaxAlignment = 1 << 20;  // far above the 32 that is used
constexpr std::uint32_t kMaxDimensions = 4;       // the format's limit

// ggml's numbering; a name is better in a message than a number.
std::string tensor_type_name(std::uint32_t type) {
  static constexpr const char* kNames[] = {
      "F32",     "F16",    "Q4_0",    "Q4_1",  "Q4_2",   "Q4_3",  "Q5_0",  "Q5_1",
      "Q8_0",    "Q8_1",   "Q2_K",    "Q3_K",  "Q4_K",   "Q5_K",  "Q6_K",  "Q8_K",
      "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS",
      "I8",      "I16",    "I32",     "I64",   "F64",    "IQ1_M", "BF16"};
  if (type < std::size(kNames)) return kNames[type];
  return fmt::format("number {}", type);
}

template <class T>
T read_as(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// One number at `from` as the widest type of its kind.
GgufValue read_number(std::uint32_t type, const std::byte* from) {
  switch (type) {
    case kU8:
      return std::uint64_t(read_as<std::uint8_t>(from));
    case kU16:
      return std::uint64_t(read_as<std::uint16_t>(from));
    case kU32:
      return std::uint64_t(read_as<std::uint32_t>(from));
    case kU64:
      return read_as<std::uint64_t>(from);
    case kI8:
      return std::int64_t(read_as<std::int8_t>(from));
    case kI16:
      return std::int64_t(read_as<std::int16_t>(from));
    case kI32:
      return std::int64_t(read_as<std::int32_t>(from));
    case kI64:
      return read_as<std::int64_t>(from);
    case kBool:
      return read_as<std::uint8_t>(from) != 0;
    case kF32:
      return double(read_as<float>(from));
    default:
      return read_as<double>(from);
  }
}

class Parser {
 public:
  Parser(std::span<const std::byte> bytes, std::string source) : bytes_(bytes) {
    out_.source = std::move(source);
  }

  Result<Gguf> parse() {
    for (Status (Parser::*step)() : {&Parser::header, &Parser::entries, &Parser::tensors}) {
      if (Status s = (this->*step)(); !s) return std::unexpected(std::move(s.error()));
    }
    return std::move(out_);
  }

 private:
  std::unexpected<Error> wrong(std::string_view what) const {
    return input_error(fmt::format("{}: {}", out_.source, what));
  }
  std::unexpected<Error> truncated() const {
    return wrong(fmt::format("{}: the file ends at byte {} inside it", where_, bytes_.size()));
  }

  std::size_t left() const { return bytes_.size() - at_; }

  template <class T>
  bool read(T& value) {
    if (left() < sizeof value) return false;
    value = read_as<T>(bytes_.data() + at_);
    at_ += sizeof value;
    return true;
  }

  bool read(std::string_view& text) {
    std::uint64_t size;
    if (!read(size) || size > left()) return false;
    text = {reinterpret_cast<const char*>(bytes_.data() + at_), std::size_t(size)};
    at_ += size;
    return true;
  }

  Status header();
  Status entries();
  Status tensors();
  Status value(std::uint32_t type, GgufValue& out);
  Status array(GgufValue& out);
  Status tensor_entry(std::string_view tensor_name, std::uint64_t& offset);
  Status place(GgufTensor& tensor, std::size_t data_begin, std::uint64_t offset);

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::string where_ = "header";  // what is being read
  std::uint64_t tensor_count_ = 0;
  std::uint64_t entry_count_ = 0;
  Gguf out_;
};

Status Parser::header() {
  std::uint32_t magic;
  if (!read(magic)) return truncated();
  if (magic != 0x46554747) return wrong("not a GGUF file");
  if (!read(out_.version)) return truncated();
  if (out_.version == 0x02000000 || out_.version == 0x03000000) {
    return wrong("big-endian GGUF is not supported");
  }
  if (out_.version != 2 && out_.version != 3) {
    return wrong(fmt::format("GGUF version {} is not supported; use 2 or 3", out_.version));
  }
  if (!read(tensor_count_) || !read(entry_count_)) return truncated();
  return {};
}

Status Parser::entries() {
  for (std::uint64_t i = 0; i < entry_count_; ++i) {
    where_ = fmt::format("metadata entry {} of {}", i, entry_count_);
    std::string_view key;
    std::uint32_t type;
    if (!read(key)) return truncated();
    if (key.empty() || key.size() > kMaxName) return wrong(where_ + ": bad key");
    where_ = key;
    GgufValue got;
    if (!read(type)) return truncated();
    if (Status s = value(type, got); !s) return s;
    if (!out_.metadata.emplace(key, std::move(got)).second) return wrong(where_ + ": given twice");
  }
  return {};
}

Status Parser::value(std::uint32_t type, GgufValue& out) {
  if (type >= kTypes) return wrong(fmt::format("{}: unknown value type {}", where_, type));
  if (type == kArray) return array(out);
  if (type == kString) {
    std::string_view text;
    if (!read(text)) return truncated();
    out = text;
    return {};
  }
  if (left() < kTypeBytes[type]) return truncated();
  out = read_number(type, bytes_.data() + at_);
  at_ += kTypeBytes[type];
  return {};
}

Status Parser::array(GgufValue& out) {
  std::uint32_t type;
  std::uint64_t count;
  if (!read(type) || !read(count)) return truncated();
  if (type >= kTypes || type == kArray) {
    return wrong(fmt::format("{}: arrays of type {} are not supported", where_, type));
  }
  const std::size_t each = type == kString ? 8 : kTypeBytes[type];
  if (count > left() / each) return truncated();
  if (type != kString) {
    out = GgufNumbers{type, std::size_t(count), bytes_.subspan(at_, count * each)};
    at_ += count * each;
    return {};
  }
  std::vector<std::string_view> texts(count);
  for (std::string_view& text : texts) {
    if (!read(text)) return truncated();
  }
  out = std::move(texts);
  return {};
}

Status Parser::tensors() {
  std::vector<std::pair<std::string_view, std::uint64_t>> offsets;
  for (std::uint64_t i = 0; i < tensor_count_; ++i) {
    where_ = fmt::format("tensor {} of {}", i, tensor_count_);
    std::string_view tensor_name;
    if (!read(tensor_name)) return truncated();
    where_ = fmt::format("tensor {}", tensor_name);
    if (out_.tensors.contains(tensor_name)) return wrong(where_ + ": given twice");
    std::uint64_t offset = 0;
    if (Status s = tensor_entry(tensor_name, offset); !s) return s;
    offsets.emplace_back(tensor_name, offset);
  }
  const auto alignment = out_.integer_or("general.alignment", 32);
  if (!alignment) return std::unexpected(alignment.error());
  if (*alignment < 1 || *alignment > std::int64_t(kMaxAlignment) || *alignment & (*alignment - 1)) {
    return wrong(fmt::format("general.alignment: {} is not a power of two", *alignment));
  }
  const std::size_t step = std::size_t(*alignment);
  const std::size_t begin = (at_ + step - 1) / step * step;
  for (const auto& [tensor_name, offset] : offsets) {
    where_ = fmt::format("tensor {}", tensor_name);
    if (offset % step) return wrong(where_ + ": its offset is no multiple of general.alignment");
    if (Status s = place(out_.tensors.find(tensor_name)->second, begin, offset); !s) return s;
  }
  return {};
}

Status Parser::tensor_entry(std::string_view tensor_name, std::uint64_t& offset) {
  std::uint32_t dimensions, type;
  GgufTensor tensor;
  if (!read(dimensions)) return truncated();
  if (dimensions < 1 || dimensions > kMaxDimensions) {
    return wrong(fmt::format("{}: {} dimensions; expected 1 to 4", where_, dimensions));
  }
  tensor.sizes.resize(dimensions);
  for (std::uint64_t& size : tensor.sizes) {
    if (!read(size)) return truncated();
    if (size == 0) return wrong(where_ + ": a dimension is 0");
  }
  if (!read(type) || !read(offset)) return truncated();
  tensor.type = NumberType(type);
  if (name(tensor.type) == "?") {
    return wrong(fmt::format("{}: type {} is not supported; use F32, F16, BF16 or Q8_0", where_,
                             tensor_type_name(type)));
  }
  out_.tensors.emplace(tensor_name, std::move(tensor));
  return {};
}

Status Parser::place(GgufTensor& tensor, std::size_t data_begin, std::uint64_t offset) {
  const auto row = row_bytes(tensor.type, tensor.sizes[0]);
  if (!row) {
    return wrong(fmt::format("{}: a row of {} values does not fit type {}", where_, tensor.sizes[0],
                             name(tensor.type)));
  }
  std::size_t size = *row;
  for (std::size_t i = 1; i < tensor.sizes.size(); ++i) {
    if (__builtin_mul_overflow(size, tensor.sizes[i], &size)) return truncated();
  }
  if (data_begin > bytes_.size() || offset > bytes_.size() - data_begin ||
      size > bytes_.size() - data_begin - offset) {
    return truncated();
  }
  tensor.data = bytes_.subspan(data_begin + offset, size);
  return {};
}

template <class T>
Result<T> missing_or_other(const Gguf& file, std::string_view key, std::string_view kind) {
  const bool there = file.has(key);
  return input_error(there ? fmt::format("{}: {}: expected {}", file.source, key, kind)
                           : fmt::format("{}: {}: missing", file.source, key));
}

template <class T>
const T* get(const Gguf& file, std::string_view key) {
  const auto found = file.metadata.find(key);
  return found == file.metadata.end() ? nullptr : std::get_if<T>(&found->second);
}

}  // namespace

double GgufNumbers::operator[](std::size_t i) const {
  return std::visit(
      []<class T>(const T& v) -> double {
        if constexpr (std::is_arithmetic_v<T>) return double(v);
        return 0;
      },
      read_number(type, bytes.data() + i * kTypeBytes[type]));
}

Result<std::int64_t> Gguf::integer(std::string_view key) const {
  if (auto v = get<std::int64_t>(*this, key)) return *v;
  auto v = get<std::uint64_t>(*this, key);
  if (v && *v <= std::uint64_t(std::numeric_limits<std::int64_t>::max())) return std::int64_t(*v);
  return missing_or_other<std::int64_t>(*this, key, "an integer");
}

Result<double> Gguf::number(std::string_view key) const {
  if (auto v = get<double>(*this, key)) return *v;
  return missing_or_other<double>(*this, key, "a floating-point number");
}

Result<std::string_view> Gguf::text(std::string_view key) const {
  if (auto v = get<std::string_view>(*this, key)) return *v;
  return missing_or_other<std::string_view>(*this, key, "a string");
}

Result<std::int64_t> Gguf::integer_or(std::string_view key, std::int64_t absent) const {
  return has(key) ? integer(key) : absent;
}

Result<double> Gguf::number_or(std::string_view key, double absent) const {
  return has(key) ? number(key) : absent;
}

Result<bool> Gguf::flag_or(std::string_view key, bool absent) const {
  if (!has(key)) return absent;
  if (auto v = get<bool>(*this, key)) return *v;
  return missing_or_other<bool>(*this, key, "true or false");
}

Result<std::string_view> Gguf::text_or(std::string_view key, std::string_view absent) const {
  return has(key) ? text(key) : absent;
}

const std::vector<std::string_view>* Gguf::texts(std::string_view key) const {
  return get<std::vector<std::string_view>>(*this, key);
}

const GgufNumbers* Gguf::numbers(std::string_view key) const {
  return get<GgufNumbers>(*this, key);
}

Result<Gguf> parse_gguf(std::span<const std::byte> bytes, std::string source_name) {
  return Parser(bytes, std::move(source_name)).parse();
}

}  // namespace evalrun
