import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { diagnose } from "../../src/diagnostics/diagnose.js";
import { makeHostPlace } from "../../src/launcher/host-place.js";
import type { HostPlan } from "../../src/launcher/plan-hosts.js";
import { type HostRequest, startProjectHosts } from "../../src/launcher/start-host.js";

let project: string;
let log: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  chmodSync(project, 0o700);
  mkdirSync(join(project, "beam2spark_host"));
  log = join(project, "log");
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function request(plan: Partial<HostPlan> = {}): HostRequest {
  const places = { projectDirectory: project, folder: project, logFile: log };
  const defaults = { count: 1, bind: undefined, advertise: undefined };
  return { ...places, environment: process.env, plan: { ...defaults, ...plan } };
}

function writeHost(text: string): void {
  writeFileSync(join(project, "beam2spark_host", "index.mjs"), text);
}

it("gives the address that the host says, and tells it where and whose it is", async () => {
  writeHost(`
    console.error(JSON.stringify(process.argv.slice(2)));
    console.log("listening on " + process.argv[3]);
    setTimeout(() => {}, 60_000);
  `);
  const host = await startProjectHosts(request());
  expect(host.address).toBe(`unix:${join(project, "host", "link-0")}`);
  host.stop();
  expect(existsSync(join(project, "host"))).toBe(true);
  const words = JSON.parse(readFileSync(log, "utf8")) as string[];
  expect(words).toEqual(["--listen", host.address, "--owner", String(process.pid)]);
});

it("tells it where to listen for workers, and under which name they reach it", async () => {
  writeHost(`
    console.error(process.argv.slice(6).join(" "));
    console.log("listening on " + process.argv[3]);
    setTimeout(() => {}, 60_000);
  `);
  const host = await startProjectHosts(request({ bind: "0.0.0.0:7000", advertise: "here" }));
  host.stop();
  expect(readFileSync(log, "utf8")).toBe("--bind 0.0.0.0:7000 --advertise here\n");
});

it("starts several, each at a place of its own", async () => {
  writeHost(`
    console.log("listening on " + process.argv[3]);
    setTimeout(() => {}, 60_000);
  `);
  const hosts = await startProjectHosts(request({ count: 2 }));
  hosts.stop();
  const places = [0, 1].map((number) => `unix:${join(project, "host", `link-${number}`)}`);
  expect(hosts.address).toBe(places.join(","));
});

it("stops the others when one does not start", async () => {
  writeHost(`
    if (process.argv[3].endsWith("1")) process.exit(3);
    process.on("SIGTERM", () => {
      console.error("stopped");
      process.exit(0);
    });
    console.log("listening on " + process.argv[3]);
    setTimeout(() => {}, 60_000);
  `);
  await expect(startProjectHosts(request({ count: 2 }))).rejects.toThrow("it ended with status 3");
  await expect.poll(() => readFileSync(log, "utf8")).toBe("stopped\n");
});

it("has a host listen where a socket's path is short, and removes that place", async () => {
  writeHost(`
    console.log("listening on " + process.argv[3]);
    setTimeout(() => {}, 60_000);
  `);
  const folder = join(project, "long".repeat(25));
  mkdirSync(folder);
  const host = await startProjectHosts({ ...request(), folder });
  const [, place = ""] = /^unix:(\/tmp\/beam2spark-host-\w+)\/link$/.exec(host.address) ?? [];
  expect(statSync(place).mode & 0o777).toBe(0o700);
  host.stop();
  expect(existsSync(place)).toBe(false);
});

it("has it listen on the loopback interface where no socket can be made", () => {
  expect(makeHostPlace("long".repeat(30), 0, join(project, "missing")).address).toBe("127.0.0.1:0");
});

it("gives the next host the port that the first has had", async () => {
  writeHost(`
    console.error(process.argv[3].startsWith("unix:") ? "any" : process.argv[3]);
    console.log("listening on 127.0.0.1:4321");
    setTimeout(() => process.exit(1), 50);
  `);
  const host = await startProjectHosts(request());
  expect(host.address).toBe("127.0.0.1:4321");
  await expect.poll(() => readFileSync(log, "utf8"), { timeout: 5_000 }).toMatch(/^any\n127\.0\.0\.1:4321\n/);
  host.stop();
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
  const host = await startProjectHosts(request());
  const starts = (): readonly string[] => readFileSync(log, "utf8").trim().split("\n");
  await expect.poll(() => starts().length, { timeout: 5_000 }).toBeGreaterThan(2);
  expect(new Set(starts())).toEqual(new Set(["free"]));
  host.stop();
});

it("says how a host ended that did not listen", async () => {
  writeHost("console.error('no such address'); process.exit(3);");
  const failure = await startProjectHosts(request()).catch((error) => error as Error);
  expect(failure).toBeInstanceOf(Error);
  const said = diagnose("launch/host-failed", {}, { reason: (failure as Error).message, log });
  expect(said.why).toContain("it ended with status 3");
  expect(said.hint).toContain(log);
  expect(readFileSync(log, "utf8")).toContain("no such address");
});
