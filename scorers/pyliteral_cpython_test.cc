// The literal parser against CPython itself, on generated and on damaged literals.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "harness/core/rng.h"
#include "harness/core/text.h"
#include "scorers/pyliteral.h"

namespace evalrun {
namespace {

using Json = nlohmann::json;

constexpr char kPython[] = "/usr/bin/python3";

// Reads {"literals": [...], "arguments": [...]}; answers ascii(value) or null for each, and the
// indices i with literals[i] == literals[i + 1].
constexpr char kScript[] = R"(
import ast, json, sys
ERRORS = (SyntaxError, ValueError, TypeError, OverflowError, MemoryError, RecursionError)
def literal(text):
    try: return (ast.literal_eval(text),)
    except ERRORS: return None
def arguments(text):
    try:
        compile('f(' + text + '\n)', 'call', 'eval')
        call = ast.parse('f(' + text + '\n)', mode='eval').body
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name): return None
        plain = [ascii(ast.literal_eval(a)) for a in call.args]
        named = [k.arg + '=' + ascii(ast.literal_eval(k.value)) for k in call.keywords]
        return ', '.join(plain + named)
    except ERRORS: return None
work = json.load(open(sys.argv[1]))
values = [literal(t) for t in work['literals']]
json.dump({
  'ascii': [v and ascii(v[0]) for v in values],
  'equal': [bool(a and b and a[0] == b[0]) for a, b in zip(values, values[1:])],
  'arguments': [arguments(t) for t in work['arguments']],
}, sys.stdout)
)";

// A random literal; `wild` ones use every spelling, others collide often (for ==).
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : rng_(seed) {}

  std::string value(int depth, bool wild) {
    const auto kind = rng_.below(depth > 0 ? 14 : 9);
    if (kind < 3) return number(wild);
    if (kind < 6) return wild ? string() : pick({"'a'", "'b'", "''", "b'a'", "\"a\""});
    if (kind < 9) return pick({"None", "True", "False", "...", "set()", "1", "0", "1.0", "0.0"});
    if (kind == 9) return "(" + list(depth, wild) + pick({")", ",)"});
    if (kind == 10) return "(" + value(depth - 1, wild) + ")";
    if (kind == 11) return "[" + list(depth, wild) + "]";
    if (kind == 12) return "{" + list(depth, wild) + "}";
    std::string dict = "{";
    for (auto n = rng_.below(4); n > 0; --n) {
      dict += value(depth - 2, wild) + ":" + value(depth - 1, wild) + pick({",", ", ", ",\n "});
    }
    return dict + "}";
  }

  // One to three random edits.
  std::string damaged(std::string text) {
    static constexpr std::string_view kBytes = "0159.eExXo_jJ'\"\\\n\r\t\f ,:()[]{}#+-rRbBuUfaNT=*";
    for (auto edits = rng_.below(3) + 1; edits > 0; --edits) {
      const std::size_t at = rng_.below(text.size() + 1);
      const auto what = rng_.below(3);
      if (what > 0 && at < text.size()) text.erase(at, 1);
      if (what < 2) text.insert(at, 1, kBytes[rng_.below(kBytes.size())]);
    }
    return to_valid_utf8(text);  // JSON carries the text to Python
  }

  std::string pick(std::initializer_list<const char*> choices) {
    return choices.begin()[rng_.below(choices.size())];
  }

 private:
  std::string list(int depth, bool wild) {
    std::string text = value(depth - 1, wild);
    for (auto n = rng_.below(3); n > 0; --n) {
      text += pick({",", ", ", " ,", ",\n  ", ", # c\n", ",\\\n"}) + value(depth - 1, wild);
    }
    return text;
  }

  std::string number(bool wild) {
    if (!wild) return pick({"", "-"}) + pick({"0", "1", "2", "1.0", "2.0", "0.5", "1e0", "0x1"});
    std::string digits;
    for (auto n = rng_.below(22) + 1; n > 0; --n) digits += char('1' + rng_.below(9));
    const std::string sign = pick({"", "", "-", "+", "- "});
    switch (rng_.below(8)) {
      case 0:
        return sign + digits;
      case 1:
        return sign + pick({"0x", "0X_", "0x1_"}) + digits;
      case 2:
        return sign + pick({"0b1", "0B_1_0", "0o17", "0O7_7", "00", "0_0"});
      case 3:
        return sign + digits + "." + digits.substr(0, 3);
      case 4:
        return sign + "." + digits;
      case 5:
        return sign + digits + pick({"e5", "E-7", "e+300", "e-330", "e1_0", ".e2"});
      case 6:
        return sign + pick({"1e999", "5e-324", "2e-324", "1e16", "1e15", "1e-5", "123e-6"});
      default: {
        const double x = std::bit_cast<double>(rng_.next());
        return std::isfinite(x) ? fmt::format("{:.17e}", x) : "1.5";
      }
    }
  }

  std::string string() {
    const std::string prefix = pick({"", "", "", "r", "b", "u", "U", "bR", "Rb", "f", "ur"});
    const std::string quote = pick({"'", "\"", "'''", "\"\"\""});
    std::string text = prefix + quote;
    for (auto n = rng_.below(6); n > 0; --n) {
      text += pick({"a",       "B7",          " ",           "\\n",   "\\x41",    "\\x4",
                    "\\u20ac", "\\U0001F600", "\\U00110000", "\\101", "\\777",    "\\q",
                    "\\\\",    "\\'",         "\\\"",        "\\\n",  "\xc3\xa9", "\xe2\x80\xae",
                    "\\ud800", "'",           "\"",          "#",     "\t",       "\x7f",
                    "\\0"});
    }
    return text + quote + pick({"", "", "", " 'z'", "'y'", " b'x'"});
  }

  Rng rng_;
};

Json ask_cpython(const Json& work) {
  const auto folder =
      std::filesystem::temp_directory_path() / fmt::format("evalrun_pyliteral_{}", getpid());
  std::filesystem::create_directories(folder);
  EXPECT_TRUE(write_file_atomically(folder / "work.json", work.dump()));
  EXPECT_TRUE(write_file_atomically(folder / "script.py", kScript));
  const std::string command = fmt::format("{0} -I -W ignore {1}/script.py {1}/work.json > {1}/out",
                                          kPython, folder.string());
  EXPECT_EQ(std::system(command.c_str()), 0);
  const std::string answer = read_file(folder / "out").value_or("{}");
  std::filesystem::remove_all(folder);
  return Json::parse(answer);
}

// Where we differ on purpose; pyliteral.h lists these.
bool is_documented_refusal(const std::string& message) {
  return message.contains("complex") || message.contains("\\N{");
}

void expect_same(const std::string& text, const Json& theirs, const std::string& ours,
                 bool is_accepted, bool compare_text) {
  if (!is_accepted && is_documented_refusal(ours)) return;
  ASSERT_EQ(is_accepted, !theirs.is_null()) << Json(text) << " ours: " << ours << theirs;
  if (is_accepted && compare_text) {
    EXPECT_EQ(ours, theirs.get<std::string>()) << Json(text);
  }
}

// CPython prints a set of two or more in an order of its own.
bool prints_in_source_order(const PyValue& value) {
  if (value.kind == PyValue::Kind::set && value.items.size() > 1) return false;
  return std::ranges::all_of(value.items, prints_in_source_order);
}

Json generated_work() {
  Generator generate(20240601);
  Json literals = {"\n1",
                   "\n 1",
                   "  1",
                   "# c\n1",
                   "1\n",
                   "1\n\n  # c\n",
                   "1\n 2",
                   "1 \\\n",
                   "\\\n1",
                   "\\\n 1",
                   "1,",
                   "1, 2",
                   ",",
                   "(,)",
                   "()",
                   "-(1)",
                   "-(-1)",
                   "-True",
                   "+1.5",
                   "1 +2",
                   "01",
                   "00",
                   "0_1",
                   "09.5",
                   "1_",
                   "1__0",
                   "1e",
                   "1.e",
                   "1._5",
                   "0x",
                   "0b2",
                   "0o8",
                   "1if",
                   "'a''b'",
                   "'a'b'b'",
                   "{1:2, 3}",
                   "{1, 2:3}",
                   "{**{}}",
                   "[*()]",
                   "{,}",
                   "set ()",
                   "set(())",
                   "set",
                   "\xef\xbb\xbf"
                   "1",
                   "\f1",
                   " \f1",
                   "\f 1",
                   "1\f",
                   "1;",
                   "1\r\n",
                   "1\r2",
                   "'\r'",
                   "None'a'",
                   "1'a'",
                   "\xc2\xa0"
                   "1",
                   "(1\n,2\n)",
                   "1\n,2"};
  for (int i = 0; i < 3000; ++i) {
    const std::string text = generate.value(3, true);
    literals.push_back(text);
    literals.push_back(generate.damaged(text));
  }
  for (int i = 0; i < 4000; ++i) literals.push_back(generate.value(2, false));
  Json arguments = {"",     ",",    "1,",           "x=1",    "x=1,y=2", "x=1,2", "x=1,x=1",
                    "*[1]", "**{}", "1 for x in y", "None=1", "x==1",    "x:=1",  "1\n,\n2#c"};
  for (int i = 0; i < 1500; ++i) {
    std::string text = generate.value(2, true) + ", " + generate.pick({"", "x=", "y_1 = "}) +
                       generate.value(1, false);
    arguments.push_back(i % 3 == 0 ? generate.damaged(text) : text);
  }
  return {{"literals", literals}, {"arguments", arguments}};
}

TEST(PyLiteralAgainstCPython, AcceptanceReprAndEquality) {
  if (!std::filesystem::exists(kPython)) GTEST_SKIP() << "no " << kPython;
  const Json work = generated_work();
  const Json theirs = ask_cpython(work);
  const auto& literals = work["literals"];
  std::vector<Result<PyValue>> values;
  std::size_t accepted = 0, equal_pairs = 0;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    values.push_back(parse_literal(literals[i].get<std::string>()));
    accepted += values[i].has_value();
    const std::string ours = values[i] ? repr(*values[i]) : values[i].error().message;
    const bool ordered = values[i] && prints_in_source_order(*values[i]);
    expect_same(literals[i], theirs["ascii"][i], ours, values[i].has_value(), ordered);
  }
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    if (!values[i] || !values[i + 1]) continue;
    const bool equal = python_equal(*values[i], *values[i + 1]);
    EXPECT_EQ(equal, theirs["equal"][i].get<bool>()) << literals[i] << " == " << literals[i + 1];
    equal_pairs += equal;
  }
  // The comparison is worth something only if both sides of each question occur often.
  EXPECT_GT(accepted, 5000u);
  EXPECT_GT(literals.size() - accepted, 1000u);
  EXPECT_GT(equal_pairs, 100u);
}

TEST(PyLiteralAgainstCPython, CallArguments) {
  if (!std::filesystem::exists(kPython)) GTEST_SKIP() << "no " << kPython;
  const Json work = generated_work();
  const Json theirs = ask_cpython(work);
  const auto& texts = work["arguments"];
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto arguments = parse_call_arguments(texts[i].get<std::string>());
    std::string ours = arguments ? "" : arguments.error().message;
    bool ordered = true;
    for (const PyArgument& argument : arguments.value_or(std::vector<PyArgument>())) {
      ordered = ordered && prints_in_source_order(argument.value);
      ours += (ours.empty() ? "" : ", ") + argument.name + (argument.name.empty() ? "" : "=") +
              repr(argument.value);
    }
    expect_same(texts[i], theirs["arguments"][i], ours, arguments.has_value(), ordered);
  }
}

}  // namespace
}  // namespace evalrun
