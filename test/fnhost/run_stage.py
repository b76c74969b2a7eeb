"""Runs a stage through a host, over made rows: `python run_stage.py SOCKET FOLDER NAME`."""

import sys
from pathlib import Path

import pyarrow as pa
from beam2spark_runtime.host_link import HostLink
from beam2spark_runtime.link_messages import OpenStage


def main():
    path, folder, name = sys.argv[1:]
    stage = OpenStage(
        descriptor=Path(folder, f"{name}.pb").read_bytes(),
        stage=Path(folder, f"{name}.json").read_text(encoding="utf-8"),
        options="{}",
        bundle_bytes=1 << 16,
    )
    batch = pa.record_batch({"value": [f"word{n % 7} other{n}" for n in range(100_000)]})
    link = HostLink(f"unix:{path}")
    count = 0
    seen = {}
    try:
        for _output, rows in link.run(stage, [batch]):
            count += rows.num_rows
            for word in rows.column("value").to_pylist()[:10]:
                seen[word] = seen.get(word, 0) + 1
    finally:
        link.close()
    print(count, len(seen), len(link.monitoring_infos))


main()
