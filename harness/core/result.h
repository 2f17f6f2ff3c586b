// Bad input or a bad machine is a value: Result<T> carries either the value or one line for the
// user. Broken code is CHECK (check.h); an expected outcome (a program timed out) is a value in a
// record.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace evalrun {

struct Error {
  enum class Kind {
    usage,   // the command line or the config file is wrong: exit 64
    input,   // a file's content is wrong: exit 64
    system,  // disk, network, permission, another process: exit 3
    target,  // the model or its endpoint failed: exit 3
  };
  Kind kind = Kind::input;
  std::string message;  // one line: file:line, key, what to do
};

template <typename T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

inline std::unexpected<Error> fail(Error::Kind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message)});
}
inline std::unexpected<Error> usage_error(std::string message) {
  return fail(Error::Kind::usage, std::move(message));
}
inline std::unexpected<Error> input_error(std::string message) {
  return fail(Error::Kind::input, std::move(message));
}
inline std::unexpected<Error> system_error(std::string message) {
  return fail(Error::Kind::system, std::move(message));
}
inline std::unexpected<Error> target_error(std::string message) {
  return fail(Error::Kind::target, std::move(message));
}

}  // namespace evalrun
