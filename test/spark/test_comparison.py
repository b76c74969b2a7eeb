"""The comparison of runs tells apart what differs: each of these would pass if it compared less."""

import pytest
from records import close_only_firings, compare_records, parse_value
from written_files import Output, compare_files

ELEMENT = {
    "label": "sum",
    "value": ("anna", 0.1 + 0.2),
    "timestamp": 59999000,
    "window": "[0.0, 60.0)",
    "pane": "True/False/1/0/0",
}


def test_equal_multisets_in_any_order():
    other = {**ELEMENT, "label": "other"}
    assert compare_records([ELEMENT, other, ELEMENT], [other, ELEMENT, ELEMENT]) == []


@pytest.mark.parametrize(
    ("pane", "closed"),
    [
        ("True/False/1/0/0", "True/True/1/0/0"),
        *((pane, pane) for pane in ("True/False/0/0/-1", "False/False/1/1/0", "True/True/3/0/0")),
    ],
)
def test_only_an_only_firing_on_time_is_taken_for_the_last(pane, closed):
    assert list(close_only_firings([{**ELEMENT, "pane": pane}])) == [{**ELEMENT, "pane": closed}]


def test_floats_within_the_tolerance():
    assert compare_records([ELEMENT], [{**ELEMENT, "value": ("anna", 0.3)}]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"value": ("anna", 0.3001)},
        {"value": ("anna", 1)},
        {"value": ["anna", 0.3]},
        {"label": "count"},
        {"timestamp": 60000000},
        {"window": "[0.0, 60.001)"},
        {"pane": "True/True/1/0/0"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_part_is_a_difference(change):
    differences = compare_records([ELEMENT], [{**ELEMENT, **change}])
    assert [line.split()[0] for line in differences] == ["missing", "extra"]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [("1", "1.0"), ("True", "1"), ("0.0", "-0.0"), ("'1'", "1"), ("nan", "0.0")],
)
def test_values_that_python_calls_equal_are_not_alike(expected, actual):
    records = [[{"label": "v", "value": parse_value(text)}] for text in (expected, actual)]
    assert len(compare_records(*records)) == 2


def test_multiplicity_counts():
    assert len(compare_records([ELEMENT], [ELEMENT, ELEMENT])) == 1
    assert len(compare_records([ELEMENT, ELEMENT], [ELEMENT])) == 1


def test_missing_metadata_is_a_difference():
    bare = {"label": ELEMENT["label"], "value": ELEMENT["value"]}
    assert len(compare_records([ELEMENT], [bare])) == 2


OUTPUTS = (Output("out/a", any_shards=True), Output("one/b", header="head"))
FILES = {"out/a-00000-of-00001": b"x\ny\n", "one/b-00000-of-00001": b"head\nz\n"}


def test_lines_may_move_between_open_shards():
    moved = {
        "out/a-00000-of-00002": b"y\n",
        "out/a-00001-of-00002": b"x\n",
        "one/b-00000-of-00001": b"head\nz\n",
    }
    assert compare_files(OUTPUTS, FILES, moved) == []


@pytest.mark.parametrize(
    "change",
    [
        {"out/a-00000-of-00001": b"x\n"},
        {"out/a-00000-of-00001": b"x\ny\ny\n"},
        {"out/a-00001-of-00001": b""},
        {"one/b-00000-of-00001": b"z\nhead\n"},
        {"one/b-00000-of-00001": b"z\n"},
        {"one/b-00001-of-00002": b"head\n"},
        {"elsewhere": b""},
        {"out/a.tmp": b""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_file_is_a_difference(change):
    assert compare_files(OUTPUTS, FILES, {**FILES, **change}) != []


def test_a_missing_file_is_a_difference():
    assert compare_files(OUTPUTS, FILES, {"out/a-00000-of-00001": b"x\ny\n"}) != []
