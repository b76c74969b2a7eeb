"""Writes random plain values, each as a payload and as JSON: lines of {"payload", "value"}.

python random_pickles.py SEED COUNT

In the JSON a value is [kind, content]; sets are sorted by their JSON. The payload is a pickle that
went through bzip2 or zlib and base64, as the SDK does it, or is bare.
"""

import base64
import bz2
import io
import json
import math
import pickle
import random
import sys
import zlib
from collections import OrderedDict
from fractions import Fraction
from operator import attrgetter


def make(source, depth):
    """A random value."""
    simple = [
        lambda: None,
        lambda: source.random() < 0.5,
        lambda: source.randint(-300, 300),
        lambda: (
            source.choice((-1, 1))
            * source.getrandbits(source.choice((7, 8, 15, 16, 31, 32, 63, 64, 200, 2100)))
        ),
        lambda: source.choice(
            (0.0, -0.0, 1.5, math.inf, -math.inf, 1e300, 5e-324, source.uniform(-9, 9))
        ),
        lambda: make_text(source),
        lambda: source.randbytes(source.choice((0, 1, 5, 300))),
        lambda: source.choice((sum, max, math.sqrt, attrgetter, Fraction)),
    ]
    if depth == 0:
        return source.choice(simple)()
    size = source.choice((0, 1, 2, 3, 4, 20))
    parts = [make(source, depth - 1) for _ in range(min(size, 4))] * (1 if size <= 4 else 5)
    hashable = [part for part in parts if is_hashable(part)]
    containers = [
        lambda: tuple(parts),
        lambda: list(parts),
        lambda: {key: source.choice(parts) for key in hashable},
        lambda: set(hashable),
        lambda: frozenset(hashable),
        lambda: Fraction(source.randint(-9, 9), 7),
        lambda: OrderedDict((key, key) for key in hashable),
        lambda: bytearray(source.randbytes(9)),
    ]
    return source.choice(simple + containers * 2)()


def make_text(source):
    alphabet = "ab'\"\\\n\r\0\u00e9\u20ac\ufeff\ufffd\U0001f600\u2028"
    return "".join(source.choice(alphabet) for _ in range(source.choice((0, 1, 3, 10, 300))))


def is_hashable(value):
    try:
        hash(value)
    except TypeError:
        return False
    return True


def describe(value):
    """What the reader has to give for a value."""
    kind = type(value).__name__
    if value is None:
        return ["none", None]
    if kind == "bool":
        return ["bool", value]
    if kind in ("int", "str"):
        return [kind, str(value)]
    if kind == "float":
        return [kind, value.hex()]
    if kind in ("bytes", "bytearray"):
        return [kind, value.hex()]
    if kind in ("tuple", "list"):
        return [kind, [describe(part) for part in value]]
    if kind in ("set", "frozenset"):
        return [kind, sorted((describe(part) for part in value), key=json.dumps)]
    if kind == "dict":
        return [kind, [[describe(key), describe(part)] for key, part in value.items()]]
    if kind == "OrderedDict":
        entries = [[describe(key), describe(part)] for key, part in value.items()]
        return ["object", "collections.OrderedDict", [], entries]
    if kind == "Fraction":
        return [
            "object",
            "fractions.Fraction",
            [describe(part) for part in value.__reduce__()[1]],
            [],
        ]
    return ["global", f"{value.__module__}.{value.__qualname__}"]


def pack(source, data):
    """A payload in one of the forms that the SDK uses, or bare."""
    form = source.randrange(4)
    if form == 0:
        return data
    if form == 1:
        return base64.b64encode(zlib.compress(data, 9))
    return base64.b64encode(bz2.compress(data, source.choice((1, 9))))


def dump(source, value, protocol):
    """By Python's pickler in C, or by the one in Python, whose opcodes differ in places."""
    if source.random() < 0.5:
        return pickle.dumps(value, protocol)
    file = io.BytesIO()
    pickle._Pickler(file, protocol).dump(value)
    return file.getvalue()


def main():
    source = random.Random(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        # Older protocols write sets and bytes as calls, and the reader gives them as calls.
        protocol = source.choice((4, 5))
        value = make(source, source.randrange(4))
        payload = pack(source, dump(source, value, protocol))
        print(json.dumps({"payload": payload.hex(), "value": describe(value)}))


main()
