"""The layouts of a stage's JSON, typed: how elements lie in the columns of a DataFrame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Layout:
    """How one PCollection's elements lie in columns. `value` is the value layout's own JSON."""

    value: Mapping[str, Any]
    timestamp: str
    constant_millis: int | None
    window: str
    window_coder: str | None
    pane: str
    constant_pane: bytes | None

    @property
    def is_keyed(self) -> bool:
        """Whether the value is two columns, `key` and `value`."""
        return self.value["kind"] == "kv"

    @property
    def metadata_columns(self) -> list[str]:
        """The names of the metadata columns, in the order of the contract."""
        names = []
        if self.timestamp == "column":
            names.append("timestamp")
        if self.window == "interval":
            names += ["window_start", "window_end"]
        elif self.window == "encoded":
            names.append("window")
        if self.pane == "column":
            names.append("pane")
        return names


def parse_layout(json: Mapping[str, Any]) -> Layout:
    """Reads a LAYOUT of a stage's JSON (ARCHITECTURE.md, "Stages")."""
    timestamp = json["timestamp"]
    pane = json["pane"]
    return Layout(
        value=json["value"],
        timestamp=timestamp["kind"],
        constant_millis=int(timestamp["millis"]) if timestamp["kind"] == "constant" else None,
        window=json["window"]["kind"],
        window_coder=json["window"].get("coder"),
        pane=pane["kind"],
        constant_pane=bytes.fromhex(pane["bytes"]) if pane["kind"] == "constant" else None,
    )
