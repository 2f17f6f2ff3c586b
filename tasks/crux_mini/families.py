"""The problem families of crux-mini: each makes one small Python function and one input for it.

A family is a function of a random generator. It returns a Problem: the code of `f`, the arguments, and a "preimage":
the plainest arguments known to give the same output (the arguments themselves where nothing plainer is known). The
preimage is not shipped in the suite; a trainer may use it as the answer to "which input gives this output?".
"""

from typing import NamedTuple

WORDS = ("apple bird cat dog east fish gold hat ice jam kite leaf moon nest owl pear queen red sun tea up van wolf yes "
         "zoo blue corn door echo frog lamp milk note pink rain salt tree wind stone river").split()


class Problem(NamedTuple):
    """One function with one input; `args` and `preimage` are argument tuples with f(*args) == f(*preimage)."""
    code: str
    args: tuple
    preimage: tuple


def lines(*body):
    """Join the lines of a function body under a `def`; the first item is the parameter list."""
    return f"def f({body[0]}):\n" + "\n".join("    " + line for line in body[1:])


def same(code, *args):
    """A problem whose plainest known input is the input itself."""
    return Problem(code, args, args)


def word(rng):
    """A short word or a short random string: models must not be able to rely on spelling alone."""
    if rng.random() < 0.6:
        return rng.choice(WORDS)
    return "".join(rng.choice("abcdexyz") for _ in range(rng.randint(3, 6)))


def ints(rng, low=0, high=9, shortest=3, longest=5):
    """A short list of small numbers."""
    return [rng.randint(low, high) for _ in range(rng.randint(shortest, longest))]


# --- strings ---------------------------------------------------------------------------------------------------------

def reverse_text(rng):
    s = word(rng)
    return same(lines("s", "return s[::-1]"), s)


def change_case(rng):
    s, method = word(rng), rng.choice(["upper", "title", "capitalize"])
    return same(lines("s", f"return s.{method}()"), s)


def cut_front(rng):
    s, k = word(rng), rng.randint(1, 2)
    return Problem(lines("s", f"return s[{k}:]"), (s,), ("a" * k + s[k:],))


def drop_last(rng):
    s, k = word(rng), rng.randint(1, 2)
    return Problem(lines("s", f"return s[:-{k}]"), (s,), (s[:-k] + "a" * k,))


def every_second(rng):
    s = word(rng)
    return Problem(lines("s", "return s[::2]"), (s,), ("".join(c + "a" for c in s[::2])[:len(s)],))


def replace_letter(rng):
    s, new = word(rng), rng.choice("oxz-*")
    old = rng.choice(s)
    return same(lines("s", f"return s.replace('{old}', '{new}')"), s)


def rotate_text(rng):
    s, k = word(rng), rng.randint(1, 2)
    return same(lines("s", f"return s[{k}:] + s[:{k}]"), s)


def swap_ends(rng):
    s = word(rng)
    return same(lines("s", "return s[-1] + s[1:-1] + s[0]"), s)


def drop_vowels(rng):
    s = word(rng) + rng.choice(WORDS)
    code = lines("s", "t = ''", "for c in s:", "    if c not in 'aeiou':", "        t += c", "return t")
    return Problem(code, (s,), ("".join(c for c in s if c not in "aeiou"),))


def join_letters(rng):
    s, mark = word(rng), rng.choice("-.,+")
    return same(lines("s", f"return '{mark}'.join(s)"), s)


def repeat_text(rng):
    s, t, k = word(rng)[:3], rng.choice("!?abz"), rng.randint(2, 3)
    return same(lines("s, t", f"return s * {k} + t"), s, t)


def split_words(rng):
    words = [word(rng) for _ in range(rng.randint(2, 3))]
    return same(lines("s", "return s.split()"), " ".join(words))


def double_letters(rng):
    s = word(rng)[:4]
    return same(lines("s", "t = ''", "for c in s:", "    t += c * 2", "return t"), s)


def insert_mark(rng):
    s, k, mark = word(rng), rng.randint(1, 2), rng.choice("-_*")
    return same(lines("s", f"return s[:{k}] + '{mark}' + s[{k}:]"), s)


def palindrome_and_length(rng):
    s = word(rng)[:3]
    if rng.random() < 0.5:
        s = s + s[::-1][rng.randint(0, 1):]
    plain = "a" * len(s) if s == s[::-1] else "a" * (len(s) - 1) + "b"
    return Problem(lines("s", "return (s == s[::-1], len(s))"), (s,), (plain,))


def count_letter(rng):
    c = rng.choice("abx")
    s = "".join(rng.choice("abx") for _ in range(rng.randint(4, 7)))
    return Problem(lines("s", f"return s.count('{c}')"), (s,), (c * s.count(c),))


# --- lists -----------------------------------------------------------------------------------------------------------

def reverse_list(rng):
    return same(lines("xs", "return xs[::-1]"), ints(rng))


def sort_list(rng):
    xs, down = ints(rng), rng.random() < 0.5
    code = lines("xs", "return sorted(xs, reverse=True)" if down else "return sorted(xs)")
    return Problem(code, (xs,), (sorted(xs, reverse=down),))


def sum_even(rng):
    xs, rest = ints(rng), rng.randint(0, 1)
    code = lines("xs", "t = 0", "for x in xs:", f"    if x % 2 == {rest}:", "        t += x", "return t")
    return Problem(code, (xs,), ([x for x in xs if x % 2 == rest],))


def add_to_each(rng):
    k = rng.randint(1, 5)
    return same(lines("xs", f"return [x + {k} for x in xs]"), ints(rng))


def double_each(rng):
    k = rng.randint(2, 3)
    return same(lines("xs", f"return [x * {k} for x in xs]"), ints(rng))


def keep_large(rng):
    xs, k = ints(rng, longest=6), rng.randint(2, 5)
    return Problem(lines("xs", f"return [x for x in xs if x > {k}]"), (xs,), ([x for x in xs if x > k],))


def spread(rng):
    xs = ints(rng)
    return Problem(lines("xs", "return max(xs) - min(xs)"), (xs,), ([0, max(xs) - min(xs)],))


def put_at_end(rng):
    k = rng.randint(0, 9)
    body = rng.choice([f"xs.append({k})", f"xs.insert(0, {k})"])
    return same(lines("xs", body, "return xs"), ints(rng))


def remove_item(rng):
    xs, k = ints(rng), rng.randint(0, 2)
    plain = xs[:k] + [0] + xs[k + 1:]
    return Problem(lines("xs", f"xs.pop({k})", "return xs"), (xs,), (plain,))


def pair_up(rng):
    n = rng.randint(2, 3)
    letters = [rng.choice("abcxyz") for _ in range(n)]
    return same(lines("a, b", "return list(zip(a, b))"), letters, ints(rng, shortest=n, longest=n))


def positions(rng):
    k = rng.randint(1, 3)
    xs = ints(rng, 1, 3, 4, 6)
    if k not in xs:
        xs[rng.randrange(len(xs))] = k
    last = max(i for i, x in enumerate(xs) if x == k)
    plain = [k if x == k else 0 for x in xs[:last + 1]]
    return Problem(lines("xs", f"return [i for i, x in enumerate(xs) if x == {k}]"), (xs,), (plain,))


def without_repeats(rng):
    xs = ints(rng, 1, 4, 4, 6)
    code = lines("xs", "out = []", "for x in xs:", "    if x not in out:", "        out.append(x)", "return out")
    return Problem(code, (xs,), (list(dict.fromkeys(xs)),))


def running_total(rng):
    code = lines("xs", "t, out = 0, []", "for x in xs:", "    t += x", "    out.append(t)", "return out")
    return same(code, ints(rng, 1, 6, 3, 4))


def sorted_unique(rng):
    xs = ints(rng, 1, 5, 4, 6)
    return Problem(lines("xs", "return sorted(set(xs))"), (xs,), (sorted(set(xs)),))


# --- dicts -----------------------------------------------------------------------------------------------------------

def small_dict(rng, size=None):
    """Distinct one-letter keys with small numbers."""
    return {key: rng.randint(1, 9) for key in rng.sample("abcdxyz", size or rng.randint(2, 3))}


def tally(rng):
    s = "".join(rng.choice("abc") for _ in range(rng.randint(3, 6)))
    code = lines("s", "d = {}", "for c in s:", "    d[c] = d.get(c, 0) + 1", "return d")
    plain = "".join(c * s.count(c) for c in dict.fromkeys(s))
    return Problem(code, (s,), (plain,))


def set_key(rng):
    key, value = rng.choice("kmn"), rng.randint(0, 9)
    return same(lines("d", f"d['{key}'] = {value}", "return d"), small_dict(rng))


def flip_dict(rng):
    keys = rng.sample("abcdxyz", rng.randint(2, 3))
    d = dict(zip(keys, rng.sample(range(1, 10), len(keys))))
    return same(lines("d", "return {v: k for k, v in d.items()}"), d)


def keys_above(rng):
    d, n = small_dict(rng, 3), rng.randint(2, 5)
    code = lines("d", f"return [k for k, v in d.items() if v > {n}]")
    return Problem(code, (d,), ({k: 9 for k, v in d.items() if v > n},))


def lookup(rng):
    d = small_dict(rng)
    key = rng.choice(list(d) + ["q"])
    plain = ({"a": d[key]} if key in d else {}, "a")
    return Problem(lines("d, k", "return d.get(k, 0) + 1"), (d, key), plain)


def sum_values(rng):
    d = small_dict(rng)
    return Problem(lines("d", "return sum(d.values())"), (d,), ({"a": sum(d.values())},))


# --- numbers, tuples, branches ---------------------------------------------------------------------------------------

def digit_sum(rng):
    n = rng.randint(10, 999)
    code = lines("n", "t = 0", "while n > 0:", "    t += n % 10", "    n //= 10", "return t")
    total = sum(map(int, str(n)))
    return Problem(code, (n,), (int("9" * (total // 9) + str(total % 9)) if total > 9 else total,))


def linear(rng):
    a, b = rng.randint(2, 5), rng.randint(1, 9)
    return same(lines("n", f"return n * {a} + {b}"), rng.randint(1, 12))


def sum_below(rng):
    return same(lines("n", "t = 0", "for i in range(n):", "    t += i", "return t"), rng.randint(2, 9))


def halve_count(rng):
    n = rng.randint(2, 40)
    code = lines("n", "k = 0", "while n > 1:", "    n //= 2", "    k += 1", "return k")
    return Problem(code, (n,), (2 ** (n.bit_length() - 1),))


def size_class(rng):
    low, high = rng.randint(3, 6), rng.randint(10, 20)
    code = lines("n", f"if n < {low}:", "    return 'low'", f"if n < {high}:", "    return 'mid'", "return 'high'")
    n = rng.choice([rng.randint(0, low - 1), rng.randint(low, high - 1), rng.randint(high, 30)])
    return Problem(code, (n,), (0 if n < low else low if n < high else high,))


def sum_and_difference(rng):
    return same(lines("a, b", "return (a + b, a - b)"), rng.randint(1, 20), rng.randint(1, 9))


def quotient_and_rest(rng):
    k = rng.randint(2, 6)
    return same(lines("n", f"return (n // {k}, n % {k})"), rng.randint(5, 40))


def swap_pair(rng):
    return same(lines("a, b", "return (b, a)"), word(rng), rng.randint(0, 30))


def first_and_last(rng):
    xs = ints(rng)
    return Problem(lines("xs", "return (xs[0], xs[-1])"), (xs,), ([xs[0], xs[-1]],))


def even_or_odd(rng):
    code = lines("n", "if n % 2 == 0:", "    return n // 2", "return n * 3 + 1")
    return same(code, rng.randint(3, 30))


FAMILIES = (
    # level 1: one step, mostly copying
    reverse_text, change_case, cut_front, drop_last, join_letters, split_words, swap_pair, put_at_end, set_key,
    first_and_last, reverse_list, insert_mark, repeat_text, size_class,
    # level 2: one step with a little arithmetic, or copying with care
    every_second, replace_letter, rotate_text, swap_ends, count_letter, add_to_each, double_each, keep_large, spread,
    remove_item, pair_up, flip_dict, keys_above, lookup, sum_values, linear, sum_and_difference, quotient_and_rest,
    palindrome_and_length, sort_list, sorted_unique, even_or_odd,
    # level 3: a loop to follow
    drop_vowels, double_letters, sum_even, positions, without_repeats, running_total, tally, digit_sum, sum_below,
    halve_count,
)
