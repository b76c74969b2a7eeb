"""Every fixture on Spark against Beam's FnApiRunner: elements, calls and written files."""

import os

from records import close_only_firings, compare_records, read_calls, read_records
from written_files import compare_files, read_files


def test_spark_gives_what_beam_gives(runs, case, pipeline, place, master):
    expected = runs.beam(case)
    actual = runs.spark(case, pipeline, place, master)

    folders = [os.path.join(result, "records") for result in (expected, actual)]
    records = [read_records(folder) for folder in folders]
    files = [read_files(os.path.join(result, "files")) for result in (expected, actual)]
    calls = [read_calls(folder) for folder in folders]
    assert records[0] or files[0], "the reference saw nothing"

    problems = compare_records(close_only_firings(records[0]), records[1]) + compare_files(
        case.outputs, *files
    )
    for name in sorted({*calls[0], *calls[1]} - set(case.per_bundle)):
        if calls[0][name] != calls[1][name]:
            problems.append(f"{name} was called {calls[1][name]} times instead of {calls[0][name]}")
    assert len({calls[1][name] for name in case.per_bundle}) <= 1, (
        "bundles began and did not finish"
    )
    assert not problems, "\n".join([f"{len(problems)} differences", *problems[:40]])
