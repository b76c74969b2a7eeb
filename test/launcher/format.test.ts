import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { formatFailure } from "../../src/launcher/format-failure.js";
import { formatMetrics } from "../../src/launcher/format-metrics.js";

it("prints metrics by transform and name, distributions by their parts", () => {
  const metrics = [
    { transform: "Split", namespace: "words", name: "seen", kind: "sum_int64", value: 12 },
    {
      transform: "Count",
      namespace: "",
      name: "length",
      kind: "distribution",
      value: { sum: 9, count: 2, min: 4, max: 5 },
    },
  ];
  expect(formatMetrics(metrics)).toBe(
    "metrics\n" +
      "  Count  length      distribution  sum 9, count 2, min 4, max 5\n" +
      "  Split  words:seen  counter       12\n",
  );
  const lineage = {
    transform: "Write",
    namespace: "lineage",
    name: "sinks",
    kind: "bounded_trie",
    value: [],
  };
  expect(formatMetrics([lineage])).toBe("");
});

it("prints the user's traceback first and the way to the log last, control characters escaped", () => {
  const failed = {
    event: "failed",
    code: "runtime/user-error",
    message: "ValueError: \x1b[31mred",
    transform: "Split",
    traceback: "Traceback\n\tline\n",
  } as const;
  expect(formatFailure(failed, "/log", "status 1")).toBe(
    "Traceback\n    line\nerror runtime/user-error\n  at   Split\n  why  ValueError: \\u{1b}[31mred\n  log  /log\n",
  );
});

it("shows what stands out of Spark's log when the job said nothing", () => {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  const log = join(folder, "log");
  writeFileSync(
    log,
    "26/01/01 00:00:00 INFO Chatter: on and on\nError: no such master\n26/01/01 00:00:00 WARN X: y\n",
  );
  expect(formatFailure(null, log, "status 1")).toBe(
    `Error: no such master\nerror run/job-failed\n  why  the job ended with status 1 and gave no reason\n  log  ${log}\n`,
  );
  rmSync(folder, { recursive: true });
});
