import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { followEvents } from "../../src/launcher/follow-events.js";
import type { LaunchEvent } from "../../src/launcher/launch-event.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("follows a file that appears late and grows in pieces of lines", async () => {
  const file = join(folder, "events.jsonl");
  const seen: LaunchEvent[] = [];
  const stop = followEvents(file, (event) => seen.push(event));
  appendFileSync(file, '{"event":"node-started","node":1}\n{"event":"node-');
  await expect.poll(() => seen).toEqual([{ event: "node-started", node: 1 }]);
  appendFileSync(file, 'finished","node":1}\nno json\n{"event":"node-started","node":2}\n{"half');
  stop();
  expect(seen.slice(1)).toEqual([
    { event: "node-finished", node: 1 },
    { event: "node-started", node: 2 },
  ]);
});
