// A value that Python can write as a literal, with Python's equality and CPython's spelling.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

struct PyValue {
  enum class Kind { none, ellipsis, boolean, integer, real, string, bytes, tuple, list, set, dict };
  Kind kind = Kind::none;
  bool truth = false;  // boolean
  double number = 0;   // real: may be infinite (1e999); NaN only from JSON, no literal can write it
  // integer: decimal digits without leading zeros, "-" before a negative one.
  // string: UTF-8, in which a lone surrogate stands as its three bytes. bytes: as they are.
  std::string text = {};
  // tuple, list: in order. set: distinct elements. dict: key, value, key, value, ... distinct keys.
  std::vector<PyValue> items = {};
};

// As type(value).__name__ in Python, such as "int".
std::string_view type_name(const PyValue& value);

// Python's a == b: True == 1 == 1.0, integers and floats compared exactly, 0.0 == -0.0, a list is
// no tuple and a str is no bytes, sets and dicts without order, NaN equal to nothing. Takes n log
// n, whatever the values.
bool python_equal(const PyValue& a, const PyValue& b);

// A set of the distinct elements, the first of equal ones kept; a dict of key, value, key, value...
// where a later equal key replaces the value but not the key. Error: an unhashable element or key.
Result<PyValue> make_set(std::vector<PyValue> elements);
Result<PyValue> make_dict(std::vector<PyValue> keys_and_values);

// CPython's ascii(value): repr() with every character beyond ASCII escaped, so that it depends on
// no version of Unicode and is safe to print. Sets and dicts stand in the order of the source.
std::string repr(const PyValue& value);

// The same, but always a literal again (without NaN): an infinite float is 1e999 instead of inf.
std::string to_source(const PyValue& value);

}  // namespace evalrun
