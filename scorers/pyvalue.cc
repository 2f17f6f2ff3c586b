#include "scorers/pyvalue.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <compare>
#include <numeric>
#include <set>
#include <utility>

#include "harness/core/check.h"

namespace evalrun {
namespace {

using Kind = PyValue::Kind;

bool is_number(const PyValue& v) {
  return v.kind == Kind::boolean || v.kind == Kind::integer || v.kind == Kind::real;
}

bool is_nan(const PyValue& v) { return v.kind == Kind::real && std::isnan(v.number); }

bool is_integral(const PyValue& v) {
  return is_number(v) &&
         (v.kind != Kind::real || (std::isfinite(v.number) && std::trunc(v.number) == v.number));
}

// The decimal digits of an integral number. A double prints exactly: it is an integer times 2^k.
std::string integral_digits(const PyValue& v) {
  if (v.kind == Kind::boolean) return v.truth ? "1" : "0";
  if (v.kind == Kind::integer) return v.text;
  if (v.number == 0) return "0";  // -0.0 too
  char digits[400];               // the largest double has 309
  const auto end =
      std::to_chars(digits, digits + sizeof digits, v.number, std::chars_format::fixed, 0);
  CHECK(end.ec == std::errc());
  return std::string(digits, end.ptr);
}

// Values of different classes are never equal in Python; within a class `order` decides.
int comparison_class(const PyValue& v) {
  if (is_number(v)) return is_integral(v) ? 0 : 1;
  return 2 + int(v.kind);
}

bool is_hashable(const PyValue& v) {
  if (v.kind == Kind::tuple) return std::ranges::all_of(v.items, is_hashable);
  return v.kind != Kind::list && v.kind != Kind::set && v.kind != Kind::dict;
}

// Some total order of hashable values in which "equal" is Python's ==. An order rather than a hash:
// then no text, however hostile, makes a set slow.
std::strong_ordering order(const PyValue& a, const PyValue& b) {
  const int a_class = comparison_class(a);
  const int b_class = comparison_class(b);
  if (a_class != b_class) return a_class <=> b_class;
  if (a_class == 0) {
    if (a.kind == Kind::integer && b.kind == Kind::integer) return a.text <=> b.text;
    return integral_digits(a) <=> integral_digits(b);
  }
  if (a_class == 1) return std::strong_order(a.number, b.number);
  if (a.kind != Kind::tuple) return a.text <=> b.text;
  return std::lexicographical_compare_three_way(a.items.begin(), a.items.end(), b.items.begin(),
                                                b.items.end(), order);
}

// Indices 0, step, 2 * step, ... of `items`, sorted by what stands there.
std::vector<std::size_t> sorted_keys(const std::vector<PyValue>& items, std::size_t step) {
  std::vector<std::size_t> keys;
  for (std::size_t i = 0; i < items.size(); i += step) keys.push_back(i);
  std::ranges::sort(keys,
                    [&](std::size_t i, std::size_t j) { return order(items[i], items[j]) < 0; });
  return keys;
}

bool equal_unordered(const PyValue& a, const PyValue& b) {
  if (a.items.size() != b.items.size()) return false;
  const bool is_dict = a.kind == Kind::dict;
  return std::ranges::equal(sorted_keys(a.items, is_dict ? 2 : 1),
                            sorted_keys(b.items, is_dict ? 2 : 1),
                            [&](std::size_t i, std::size_t j) {
                              return order(a.items[i], b.items[j]) == 0 &&
                                     (!is_dict || python_equal(a.items[i + 1], b.items[j + 1]));
                            });
}

// Keeps the first of equal keys among the items 0, step, 2 * step, ...; with step 2, the value of
// the last of them.
Result<PyValue> make_unordered(Kind kind, std::vector<PyValue> items, std::size_t step) {
  for (std::size_t i = 0; i < items.size(); i += step) {
    if (!is_hashable(items[i])) {
      return input_error("unhashable type: '" + std::string(type_name(items[i])) + "'");
    }
  }
  const auto before = [&](std::size_t i, std::size_t j) { return order(items[i], items[j]) < 0; };
  std::set<std::size_t, decltype(before)> firsts(before);
  for (std::size_t i = 0; i < items.size(); i += step) {
    const auto [first, is_new] = firsts.insert(i);
    if (!is_new && step == 2) items[*first + 1] = std::move(items[i + 1]);
  }
  std::vector<std::size_t> kept(firsts.begin(), firsts.end());
  std::ranges::sort(kept);
  PyValue result{.kind = kind};
  for (const std::size_t i : kept) {
    for (std::size_t k = i; k < i + step; ++k) result.items.push_back(std::move(items[k]));
  }
  return result;
}

}  // namespace

std::string_view type_name(const PyValue& value) {
  static constexpr std::string_view kNames[] = {"NoneType", "ellipsis", "bool",  "int",
                                                "float",    "str",      "bytes", "tuple",
                                                "list",     "set",      "dict"};
  return kNames[int(value.kind)];
}

bool python_equal(const PyValue& a, const PyValue& b) {
  if (is_nan(a) || is_nan(b)) return false;
  if (is_number(a) || is_number(b)) return order(a, b) == 0;
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::set || a.kind == Kind::dict) return equal_unordered(a, b);
  if (a.kind == Kind::tuple || a.kind == Kind::list) {
    return std::ranges::equal(a.items, b.items, python_equal);
  }
  return a.text == b.text;
}

Result<PyValue> make_set(std::vector<PyValue> elements) {
  return make_unordered(Kind::set, std::move(elements), 1);
}

Result<PyValue> make_dict(std::vector<PyValue> keys_and_values) {
  CHECK(keys_and_values.size() % 2 == 0);
  return make_unordered(Kind::dict, std::move(keys_and_values), 2);
}

}  // namespace evalrun
