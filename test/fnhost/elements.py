"""Prints elements of many kinds as Beam's own coders write them, each with its layout and coder."""

import json
import random

from apache_beam import coders
from apache_beam.coders.coders import GlobalWindowCoder, IntervalWindowCoder, LengthPrefixCoder
from apache_beam.transforms.window import GlobalWindow, IntervalWindow
from apache_beam.utils.timestamp import MAX_TIMESTAMP, MIN_TIMESTAMP, Timestamp
from apache_beam.utils.windowed_value import PANE_INFO_UNKNOWN, PaneInfo, WindowedValue

RANDOM = random.Random(11)
TEXTS = ["", "a", "ä\U0001f600", "x" * 200, "nul \0 in"]
INTS = [0, 1, -1, 127, 128, 300, 2**31, -(2**31), 2**32 + 5, 2**63 - 1, -(2**63)]
DOUBLES = [0.0, -0.0, 1.5, -2.25e300, float("inf"), 5e-324]

UTF8 = ("utf8", "beam:coder:string_utf8:v1", coders.StrUtf8Coder(), TEXTS)
BYTES = ("bytes", "beam:coder:bytes:v1", coders.BytesCoder(), [t.encode() for t in TEXTS])
VARINT = ("varint", "beam:coder:varint:v1", coders.VarIntCoder(), INTS)
DOUBLE = ("double", "beam:coder:double:v1", coders.FloatCoder(), DOUBLES)
BOOL = ("bool", "beam:coder:bool:v1", coders.BooleanCoder(), [True, False])
ANY = LengthPrefixCoder(coders.FastPrimitivesCoder())

TIMES = [
    MIN_TIMESTAMP,
    MAX_TIMESTAMP,
    Timestamp(0),
    Timestamp(-3),
    Timestamp(12.345),
    Timestamp(2**33),
]
PANES = [
    PANE_INFO_UNKNOWN,
    PaneInfo(True, True, 1, 0, 0),
    PaneInfo(False, False, 1, 7, 5),
]


def plain(entry):
    kind, urn, coder, values = entry
    return {"kind": kind}, {"urn": urn, "parts": []}, coder, lambda: RANDOM.choice(values)


def pair(first, second):
    (layout, tree, coder, make), (layout2, tree2, coder2, make2) = first, second
    return (
        {"kind": "kv", "key": layout, "value": layout2},
        {"urn": "beam:coder:kv:v1", "parts": [tree, tree2]},
        coders.TupleCoder([coder, coder2]),
        lambda: (make(), make2()),
    )


def several(element):
    layout, tree, coder, make = element
    return (
        {"kind": "iterable", "element": layout},
        {"urn": "beam:coder:iterable:v1", "parts": [tree]},
        coders.IterableCoder(coder),
        lambda: [make() for _ in range(RANDOM.randrange(4))],
    )


def optional(element):
    layout, tree, coder, make = element
    return (
        {"kind": "nullable", "value": layout},
        {"urn": "beam:coder:nullable:v1", "parts": [tree]},
        coders.NullableCoder(coder),
        lambda: RANDOM.choice([None, make()]),
    )


def encoded(element):
    _, tree, coder, make = element
    return {"kind": "encoded", "coder": "c"}, tree, coder, make


def anything():
    length = {"urn": "beam:coder:bytes:v1", "parts": []}
    values = [None, "text", 5, 2**70, (1, "two"), [1.5], {"a": 1}]
    return (
        {"kind": "encoded", "coder": "c"},
        {"urn": "beam:coder:length_prefix:v1", "parts": [length]},
        ANY,
        lambda: RANDOM.choice(values),
    )


def kinds():
    simple = [plain(entry) for entry in (UTF8, BYTES, VARINT, DOUBLE, BOOL)]
    utf8, _, varint, double, boolean = simple
    yield from simple
    yield from (
        pair(utf8, varint),
        pair(several(utf8), optional(double)),
        several(pair(utf8, boolean)),
    )
    yield from (optional(varint), several(several(double)), pair(anything(), several(anything())))
    yield from (pair(encoded(double), utf8), pair(encoded(pair(utf8, several(utf8))), varint))
    yield from (optional(several(boolean)), anything(), pair(utf8, pair(optional(utf8), boolean)))


def windows(kind):
    if kind == "global":
        return [GlobalWindow()]
    starts = [RANDOM.choice([-100_000, -1, 0, 5, 10**9]) for _ in range(RANDOM.choice([1, 1, 3]))]
    return [IntervalWindow(start, start + RANDOM.choice([1, 60, 86_400])) for start in starts]


def main():
    cases = []
    for layout, tree, coder, make in kinds():
        for window in ("global", "interval"):
            of_window = {
                "global": GlobalWindowCoder(),
                "interval": IntervalWindowCoder(),
            }
            windowed = coders.WindowedValueCoder(coder, of_window[window])
            elements = [
                WindowedValue(make(), RANDOM.choice(TIMES), windows(window), RANDOM.choice(PANES))
                for _ in range(40)
            ]
            # The same elements, each window's own after the other.
            exploded = [
                WindowedValue(e.value, e.timestamp, [w], e.pane_info)
                for e in elements
                for w in e.windows
            ]
            impl = windowed.get_impl()
            together, apart = (
                b"".join(impl.encode_nested(e) for e in some).hex() for some in (elements, exploded)
            )
            cases.append(
                {
                    "layout": layout,
                    "coder": tree,
                    "window": window,
                    "bytes": together,
                    "rows": apart,
                }
            )
    print(json.dumps(cases))


main()
