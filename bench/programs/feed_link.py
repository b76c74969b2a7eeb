"""A client of the host's link that has nothing else to do.

Prints the seconds of a stage as JSON, and its own processor time in them.

python feed_link.py SOCKET FOLDER ROWS BYTES
"""

import json
import sys
import time
from pathlib import Path

import pyarrow as pa
from beam2spark_runtime.host_link import HostLink
from beam2spark_runtime.link_messages import OpenStage
from beam2spark_runtime.options import RuntimeOptions

BATCH_ROWS = 10_000
LIMITS = RuntimeOptions()


def main():
    """Sends batches as Spark has them, and takes what comes back."""
    path, folder, rows, size = sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:])
    stage = OpenStage(
        descriptor=(folder / "identity.pb").read_bytes(),
        stage=(folder / "identity.json").read_text(encoding="utf-8"),
        options="{}",
        bundle_bytes=LIMITS.bundle_bytes,
        state_memory_bytes=LIMITS.state_memory_bytes,
        stored_group_bytes=LIMITS.max_stored_group_bytes,
    )
    values = pa.array([b"x" * size] * BATCH_ROWS, pa.binary())
    batch = pa.record_batch({"value": values})
    count = 0
    started, worked = time.perf_counter(), time.process_time()
    link = HostLink(path)
    try:
        for _, batch_back in link.run(stage, (batch for _ in range(rows // BATCH_ROWS))):
            count += batch_back.num_rows
    finally:
        link.close()
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    if count != rows // BATCH_ROWS * BATCH_ROWS:
        sys.exit(f"{count} of {rows} rows came back")
    print(json.dumps({"seconds": seconds, "cpuSeconds": worked}))


main()
