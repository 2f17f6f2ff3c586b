# Serialised by structure: none of these methods is called.
import collections


def trap(*args):
    raise SystemExit("called")


class List(list):
    __iter__ = __repr__ = __len__ = __class__ = __getitem__ = trap


class Dict(dict):
    items = __iter__ = __repr__ = keys = trap


class Text(str):
    __repr__ = __str__ = encode = trap


class Meta(type):
    __name__ = property(trap)
    __repr__ = trap


class Other(metaclass=Meta):
    __repr__ = __eq__ = __hash__ = trap


Point = collections.namedtuple("Point", "x y")


def f():
    loop = [1]
    loop.append(loop)
    return [List([1]), Dict(a=1), Text("t"), Other(), Point(1, 2), collections.Counter("aab"), loop,
            range(3), True, -0.0, float("nan"), 1j, {3, 1, 2}, set(), frozenset(), bytearray(b"b")]
