import { expect, test } from "vitest";
import type { Layout } from "../../../src/compiler/4-physical/layout.js";
import { unionColumns } from "../../../src/compiler/4-physical/union-columns.js";

const constant: Layout = {
  value: { kind: "utf8" },
  timestamp: { kind: "constant", millis: "-9223372036854775" },
  window: { kind: "global" },
  pane: { kind: "constant", bytes: "0f" },
};
const varying: Layout = { ...constant, timestamp: { kind: "column" }, pane: { kind: "column" } };
const column = (name: string) => ({ name, from: "column" });

test("rows that have the columns already are taken as they are", () => {
  expect(unionColumns(constant, constant)).toBe(null);
  expect(unionColumns(varying, varying)).toBe(null);
});

test("what is constant here and varies elsewhere becomes a column", () => {
  expect(unionColumns(constant, varying)).toEqual([
    column("value"),
    { name: "timestamp", from: "constant", type: "bigint", value: "-9223372036854775" },
    { name: "pane", from: "constant", type: "binary", value: "0f" },
  ]);
});

test("columns that nobody reads after the union are left behind", () => {
  const dropped: Layout = { ...constant, timestamp: { kind: "dropped" }, pane: { kind: "dropped" } };
  expect(unionColumns(varying, dropped)).toEqual([column("value")]);
});

test("the end of a window is computed from its columns, that of the global window is known", () => {
  const atEnd: Layout = { ...constant, timestamp: { kind: "end-of-window" } };
  const timestamp = (from: Layout, to: Layout) =>
    unionColumns(from, to)?.find(({ name }) => name === "timestamp");
  // A microsecond before the day that Beam keeps free before its largest timestamp, cut to milliseconds.
  const endOfTime = 9_223_372_036_854_775n - 24n * 60n * 60n * 1000n - 1n;
  expect(timestamp(atEnd, varying)).toMatchObject({ from: "constant", value: String(endOfTime) });
  const windowed: Layout = { ...atEnd, window: { kind: "interval" } };
  expect(timestamp(windowed, { ...varying, window: { kind: "interval" } })).toEqual({
    name: "timestamp",
    from: "window-end",
  });
});
