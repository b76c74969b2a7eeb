import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { URN } from "../../src/beam/urns.js";
import type { Layout, ValueLayout } from "../../src/compiler/4-physical/layout.js";
import { ByteWriter } from "../../src/fnhost/bytes/byte-writer.js";
import type { BuiltColumn } from "../../src/fnhost/columns/built-column.js";
import type { ColumnData } from "../../src/fnhost/columns/column-data.js";
import { createElementReader } from "../../src/fnhost/columns/decode-elements.js";
import { createElementWriter } from "../../src/fnhost/columns/encode-elements.js";
import type { CoderTree } from "../../src/fnhost/worker-coders.js";
import { findPackageRoot } from "../../src/package-root.js";

interface Case {
  readonly layout: ValueLayout;
  readonly coder: CoderTree;
  readonly window: "global" | "interval";
  /** Elements as Beam writes them, and the same with one window each, in hexadecimal. */
  readonly bytes: string;
  readonly rows: string;
}

const root = findPackageRoot();
const cases = JSON.parse(
  execFileSync(join(root, ".venv/bin/python"), [join(root, "test/fnhost/elements.py")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }),
) as readonly Case[];

function asRead(column: BuiltColumn): ColumnData {
  return { ...column, offset: 0, children: column.children.map(asRead) };
}

describe("a worker's elements become rows, and rows its elements again", () => {
  test.each(cases.map((one) => [`${JSON.stringify(one.layout)} in ${one.window} windows`, one] as const))(
    "%s",
    (_name, { layout: value, coder, window, bytes, rows }) => {
      const layout: Layout = {
        value,
        timestamp: { kind: "column" },
        window: { kind: window },
        pane: { kind: "column" },
      };
      const windowUrn = window === "global" ? URN.coderGlobalWindow : URN.coderIntervalWindow;
      const edge = { transform: "t", value: coder, window: { urn: windowUrn, parts: [] } };
      const reader = createElementReader(layout, edge);
      // Twice: what the reader has given is not given again.
      for (let round = 0; round < 2; round++) {
        reader.take(Buffer.from(bytes, "hex"), 0, Number.POSITIVE_INFINITY);
        const length = reader.rows;
        const columns = new Map([...reader.finish()].map(([name, column]) => [name, asRead(column)]));
        const write = createElementWriter(
          layout,
          edge,
          { length, columns },
          { clock: "micros", write: () => {} },
        );
        const out = new ByteWriter(8);
        for (let row = 0; row < length; row++) write(row, out);
        expect(Buffer.from(out.take()).toString("hex")).toBe(rows);
      }
    },
  );
});
