"""The windows of a side input's rows, as the encoded bytes that Beam asks by."""

from __future__ import annotations

import pyarrow as pa
from apache_beam.coders.coder_impl import CoderImpl

from .event_times import GLOBAL_WINDOWS, EventTimeReader, find_changes
from .layouts import Layout


def encode_windows(batch: pa.RecordBatch, layout: Layout, coder: CoderImpl) -> list[bytes]:
    """Each row's window, encoded as one value (outer context) by the window coder."""
    names = [name for name in layout.metadata_columns if name.startswith("window")]
    if not names:
        return [coder.encode(GLOBAL_WINDOWS[0])] * batch.num_rows
    times = EventTimeReader(layout)
    changes = find_changes([batch.column(name) for name in names], batch.num_rows).tolist()
    encoded: list[bytes] = []
    for row in range(batch.num_rows):
        if row == 0 or changes[row - 1]:
            window = coder.encode(times.find_windows(batch, row)[0])
        encoded.append(window)
    return encoded
