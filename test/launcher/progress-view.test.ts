import { describe, expect, it } from "vitest";
import type { LaunchEvent } from "../../src/launcher/launch-event.js";
import { createProgressView } from "../../src/launcher/progress-view.js";

const node = (number: number, name: string, materialisation: string) => ({
  number,
  names: [name],
  lane: "in-process",
  materialisation,
});
const plan = {
  target: "pyspark" as const,
  pipeline: { name: "p", sdkVersion: null, pythonVersion: null },
  nodes: [
    node(1, "Lines/Read", "lazy"),
    node(2, "Whole/Words/Split", "persist"),
    node(3, "Tail", "lazy"),
    node(4, "Write\n", "run"),
  ],
};

function watch(columns: number | null, events: readonly LaunchEvent[], completed: boolean): string {
  let written = "";
  let clock = 0;
  const now = (): number => {
    clock += 1000;
    return clock;
  };
  const view = createProgressView(plan, { write: (text) => (written += text), columns, now });
  for (const event of events) view.show(event);
  view.giveWay(() => {
    written += "said by the job\n";
  });
  view.finish(completed);
  return written;
}

const events: LaunchEvent[] = [
  { event: "node-started", node: 2 },
  { event: "node-progress", node: 2, completed: 1, total: 4 },
  { event: "node-finished", node: 2 },
  { event: "node-started", node: 4 },
  { event: "node-finished", node: 4 },
  { event: "node-finished", node: 99 },
];

function nameOf(names: readonly string[]): string {
  let written = "";
  const longPlan = { ...plan, nodes: [{ ...node(1, "", "run"), names }] };
  const view = createProgressView(longPlan, {
    write: (text) => (written += text),
    columns: null,
    now: () => 0,
  });
  view.show({ event: "node-started", node: 1 });
  view.show({ event: "node-finished", node: 1 });
  return written.slice(18, -7).trimEnd();
}

describe("createProgressView", () => {
  it("shows as many names as fit, whole, and of a name that does not fit the end", () => {
    const long = (letter: string) => letter.repeat(30);
    expect(nameOf(["A/B/C", "D"])).toBe("B/C, D");
    expect(nameOf([long("a"), "b", long("c"), "d"])).toBe(`${long("a")}, b (+2)`);
    expect(nameOf([`${"x".repeat(60)}end`])).toBe(`…${"x".repeat(52)}end`);
    expect(nameOf([`${"x".repeat(60)}end`, "b"])).toBe(`…${"x".repeat(47)}end (+1)`);
  });

  it("writes one line per node, those computed within others before them", () => {
    const lines = watch(null, events, true).trimEnd().split("\n");
    expect(lines.map((line) => line.replaceAll(/ +/g, " "))).toEqual([
      " 1 in-process Lines/Read within what reads it",
      " 2 in-process Words/Split 1.0 s",
      " 3 in-process Tail within what reads it",
      " 4 in-process Write\\n 1.0 s",
      "said by the job",
    ]);
  });

  it("takes nothing back where there is no terminal", () => {
    expect(watch(null, events, true)).not.toContain("\x1b");
  });

  it("redraws a running node in place on a terminal, within its width", () => {
    const written = watch(70, events.slice(0, 2), false);
    const live = written.split("\n").filter((line) => line.includes("Split"));
    expect(live.length).toBeGreaterThan(1);
    expect(written).toContain("\x1b[1A\x1b[0Jsaid by the job\n");
    expect(written.split("\x1b[1A\x1b[0J").length - 1).toBe(3);
    for (const line of live) expect(line.replace("\x1b[1A\x1b[0J", "").length).toBeLessThan(70);
  });

  it("claims nothing about nodes of a job that failed", () => {
    expect(watch(null, events.slice(0, 3), false)).not.toContain("Tail");
  });
});
