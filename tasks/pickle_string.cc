#include "tasks/pickle_string.h"

#include <cstdint>
#include <optional>
#include <string>

namespace evalrun {
namespace {

constexpr int kProtocolMax = 5;  // the highest that CPython 3.8 to 3.14 write

struct Opcode {
  std::uint8_t code;
  std::string_view name;
};

// What is refused, for the error message. From Lib/pickletools.py.
constexpr Opcode kRefused[] = {{0x28, "MARK"},
                               {0x29, "EMPTY_TUPLE"},
                               {0x30, "POP"},
                               {0x31, "POP_MARK"},
                               {0x32, "DUP"},
                               {0x42, "BINBYTES"},
                               {0x43, "SHORT_BINBYTES"},
                               {0x46, "FLOAT"},
                               {0x47, "BINFLOAT"},
                               {0x49, "INT"},
                               {0x4a, "BININT"},
                               {0x4b, "BININT1"},
                               {0x4c, "LONG"},
                               {0x4d, "BININT2"},
                               {0x4e, "NONE"},
                               {0x50, "PERSID"},
                               {0x51, "BINPERSID"},
                               {0x52, "REDUCE"},
                               {0x53, "STRING"},
                               {0x54, "BINSTRING"},
                               {0x55, "SHORT_BINSTRING"},
                               {0x56, "UNICODE"},
                               {0x5d, "EMPTY_LIST"},
                               {0x61, "APPEND"},
                               {0x62, "BUILD"},
                               {0x63, "GLOBAL"},
                               {0x64, "DICT"},
                               {0x65, "APPENDS"},
                               {0x67, "GET"},
                               {0x68, "BINGET"},
                               {0x69, "INST"},
                               {0x6a, "LONG_BINGET"},
                               {0x6c, "LIST"},
                               {0x6f, "OBJ"},
                               {0x70, "PUT"},
                               {0x73, "SETITEM"},
                               {0x74, "TUPLE"},
                               {0x75, "SETITEMS"},
                               {0x7d, "EMPTY_DICT"},
                               {0x81, "NEWOBJ"},
                               {0x82, "EXT1"},
                               {0x83, "EXT2"},
                               {0x84, "EXT4"},
                               {0x85, "TUPLE1"},
                               {0x86, "TUPLE2"},
                               {0x87, "TUPLE3"},
                               {0x88, "NEWTRUE"},
                               {0x89, "NEWFALSE"},
                               {0x8a, "LONG1"},
                               {0x8b, "LONG4"},
                               {0x8e, "BINBYTES8"},
                               {0x8f, "EMPTY_SET"},
                               {0x90, "ADDITEMS"},
                               {0x91, "FROZENSET"},
                               {0x92, "NEWOBJ_EX"},
                               {0x93, "STACK_GLOBAL"},
                               {0x96, "BYTEARRAY8"},
                               {0x97, "NEXT_BUFFER"},
                               {0x98, "READONLY_BUFFER"}};

std::string name_of(std::uint8_t code) {
  for (const Opcode& opcode : kRefused)
    if (opcode.code == code) return std::string(opcode.name);
  static constexpr char kHex[] = "0123456789abcdef";
  return std::string("unknown instruction 0x") + kHex[code >> 4] + kHex[code & 15];
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::size_t left() const { return bytes_.size(); }

  // An unsigned little-endian number of `size` bytes.
  std::optional<std::uint64_t> number(std::size_t size) {
    if (bytes_.size() < size) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) value = value << 8 | std::uint8_t(bytes_[i - 1]);
    bytes_.remove_prefix(size);
    return value;
  }

  // Text after its length, which is a number of `size_bytes` bytes.
  std::optional<std::string_view> text(std::size_t size_bytes) {
    const auto size = number(size_bytes);
    if (!size || *size > bytes_.size()) return std::nullopt;
    const std::string_view out = bytes_.substr(0, *size);
    bytes_.remove_prefix(*size);
    return out;
  }

 private:
  std::string_view bytes_;
};

enum class Step { more, stopped, cut };

// Runs one instruction. What it may push goes to `value`.
Result<Step> step(Reader& in, std::uint8_t code, std::optional<std::string_view>& value) {
  const auto went = [](bool ok) { return ok ? Step::more : Step::cut; };
  const auto push = [&](std::size_t size_bytes) -> Result<Step> {
    if (value) return input_error("pickle: more than one str");
    value = in.text(size_bytes);
    return went(value.has_value());
  };
  const auto memo = [&](std::size_t index_bytes) -> Result<Step> {
    if (!value) return input_error("pickle: a memo of nothing");
    return went(in.number(index_bytes).has_value());
  };
  switch (code) {
    case 0x80: {  // PROTO
      const auto version = in.number(1);
      if (version && *version > kProtocolMax)
        return input_error("pickle: protocol " + std::to_string(*version) + " is not known");
      return went(version.has_value());
    }
    case 0x95: {  // FRAME
      const auto size = in.number(8);
      return went(size && *size <= in.left());
    }
    case 0x8c:  // SHORT_BINUNICODE
      return push(1);
    case 'X':  // BINUNICODE
      return push(4);
    case 0x8d:  // BINUNICODE8
      return push(8);
    case 0x94:  // MEMOIZE
      return memo(0);
    case 'q':  // BINPUT
      return memo(1);
    case 'r':  // LONG_BINPUT
      return memo(4);
    case '.':
      return Step::stopped;
    default:
      return input_error("pickle: expected a plain str, found " + name_of(code) +
                         "; it is not executed");
  }
}

}  // namespace

Result<std::string_view> read_pickled_string(std::string_view pickle) {
  Reader in(pickle);
  std::optional<std::string_view> value;
  for (;;) {
    const auto code = in.number(1);
    const auto went = code ? step(in, std::uint8_t(*code), value) : Result<Step>(Step::cut);
    if (!went) return std::unexpected(went.error());
    if (*went == Step::cut) return input_error("pickle: cut off");
    if (*went == Step::stopped) break;
  }
  if (!value) return input_error("pickle: holds nothing");
  if (in.left() > 0) return input_error("pickle: bytes after its end");
  return *value;
}

}  // namespace evalrun
