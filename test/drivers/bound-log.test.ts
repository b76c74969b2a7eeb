import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { boundLog } from "../../src/drivers/bound-log.js";

it("keeps the end of a log that others write on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  const file = join(folder, "driver.log");
  const writer = openSync(file, "a");
  const stop = boundLog(file, { bytes: 100, kept: 10, interval: 10 });
  writeSync(writer, `${"x".repeat(200)}the end\n`);
  await expect.poll(() => readFileSync(file, "utf8")).toBe("xxthe end\n");
  writeSync(writer, "more\n");
  expect(readFileSync(file, "utf8")).toBe("xxthe end\nmore\n");
  stop();
  appendFileSync(file, "y".repeat(200));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(readFileSync(file, "utf8")).toHaveLength(215);
  closeSync(writer);
  rmSync(folder, { recursive: true });
});
