"""The windows of a side input's rows, as the encoded bytes that Beam asks by."""

from __future__ import annotations

import pyarrow as pa
from apache_beam.coders.coder_impl import CoderImpl

from .event_times import find_changes
from .layouts import Layout
from .windows import create_window_columns


def encode_windows(batch: pa.RecordBatch, layout: Layout, coder: CoderImpl) -> list[bytes]:
    """Each row's window, encoded as one value (outer context) by the window coder."""
    windows = create_window_columns(layout, coder)
    columns = [batch.column(name) for name in windows.names]
    changes = find_changes(columns, batch.num_rows).tolist()
    encoded: list[bytes] = []
    for row in range(batch.num_rows):
        if row == 0 or changes[row - 1]:
            window = coder.encode(windows.read(batch, row)[0])
        encoded.append(window)
    return encoded
