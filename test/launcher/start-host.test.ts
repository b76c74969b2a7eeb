import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { diagnose } from "../../src/diagnostics/diagnose.js";
import { startProjectHost } from "../../src/launcher/start-host.js";

let project: string;
let log: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  chmodSync(project, 0o700);
  mkdirSync(join(project, "beam2spark_host"));
  log = join(project, "log");
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function writeHost(text: string): void {
  writeFileSync(join(project, "beam2spark_host", "index.mjs"), text);
}

it("gives the address that the host says, and tells it where and whose it is", async () => {
  writeHost(`
    console.error(JSON.stringify(process.argv.slice(2)));
    console.log("listening on " + process.argv[3]);
    setTimeout(() => {}, 60_000);
  `);
  const host = await startProjectHost(project, project, log, process.env);
  expect(host.address).toBe(`unix:${join(project, "host", "link")}`);
  host.stop();
  expect(existsSync(join(project, "host"))).toBe(true);
  const words = JSON.parse(readFileSync(log, "utf8")) as string[];
  expect(words).toEqual(["--listen", host.address, "--owner", String(process.pid)]);
});

it("replaces a host that has ended, at the same address, until it is stopped", async () => {
  writeHost(`
    import { existsSync, writeFileSync } from "node:fs";
    const left = process.argv[3].slice("unix:".length);
    console.error(existsSync(left) ? "left" : "free");
    writeFileSync(left, "");
    console.log("listening on " + process.argv[3]);
    setTimeout(() => process.exit(1), 50);
  `);
  const host = await startProjectHost(project, project, log, process.env);
  const starts = (): readonly string[] => readFileSync(log, "utf8").trim().split("\n");
  await expect.poll(() => starts().length, { timeout: 5_000 }).toBeGreaterThan(2);
  expect(new Set(starts())).toEqual(new Set(["free"]));
  host.stop();
});

it("says how a host ended that did not listen", async () => {
  writeHost("console.error('no such address'); process.exit(3);");
  const failure = await startProjectHost(project, project, log, process.env).catch((error) => error as Error);
  expect(failure).toBeInstanceOf(Error);
  const said = diagnose("launch/host-failed", {}, { reason: (failure as Error).message, log });
  expect(said.why).toContain("it ended with status 3");
  expect(said.hint).toContain(log);
  expect(readFileSync(log, "utf8")).toContain("no such address");
});
