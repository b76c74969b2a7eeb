import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Driver, DriverEndedError } from "../../src/drivers/driver.js";
import type { DriverJobEvent } from "../../src/drivers/driver-protocol.js";
import { type DriverChannel, startDriver } from "../../src/drivers/start-driver.js";
import { isGroupAlive } from "../../src/machine/process-group.js";

const program = fileURLToPath(new URL("talking-driver.mjs", import.meta.url));
const patience = { start: 5_000, cancel: 200, stop: 300, kill: 300 };
const never = new AbortController().signal;

describe("a driver's process", () => {
  let folder: string;
  const drivers: Driver[] = [];
  const lost: DriverEndedError[] = [];
  beforeEach(() => {
    lost.length = 0;
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  });
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.stop()));
    rmSync(folder, { recursive: true });
  });

  const start = async (
    way: string,
    signal = never,
    more = {},
    channel: DriverChannel = "descriptor",
  ): Promise<Driver> => {
    const command = [process.execPath, program, way, channel] as const;
    const driver = await startDriver(
      {
        command: [...command],
        channel,
        environment: { ...process.env, TMPDIR: folder },
        folder,
        onLost: (error) => lost.push(error),
        patience: { ...patience, ...more },
      },
      signal,
    );
    drivers.push(driver);
    return driver;
  };
  /** The driver's own group, and its workers'. */
  const groupsOf = ({ processId }: Driver): number[] => [
    processId,
    Number(readFileSync(join(folder, "worker-daemon.pid"), "utf8")),
  ];
  const run = (driver: Driver, deed: string, id = deed, events: DriverJobEvent[] = []) =>
    driver.run({ id, project: deed, arguments: [] }, (event) => events.push(event));

  it("runs jobs side by side, and hands their events on", async () => {
    const driver = await start("well");
    expect(driver.webUrl).toBe("http://localhost:1");
    const waiting = run(driver, "waits");
    const events: DriverJobEvent[] = [];
    expect(await run(driver, "well", "another", events)).toBe("done");
    expect(events.map(({ event }) => event)).toEqual(["message", "finished"]);
    expect(events[0]).toMatchObject({ job: "another", text: "äöü\u2028".repeat(50_000) });
    driver.cancel("waits");
    expect(await waiting).toBe("cancelled");
    expect(driver.isAlive()).toBe(true);
  });

  it("speaks over standard input and output with one that can't use a descriptor", async () => {
    const driver = await start("well", never, {}, "standard");
    const events: DriverJobEvent[] = [];
    expect(await run(driver, "well", "one", events)).toBe("done");
    expect(events[0]).toMatchObject({ job: "one", text: "äöü\u2028".repeat(50_000) });
    const outcome = run(driver, "babbles");
    await expect(outcome).rejects.toMatchObject({
      end: "signal SIGKILL, because it said something that can't be understood",
    });
    const gentle = await start("well", never, {}, "standard");
    await gentle.stop();
    expect(groupsOf(gentle).filter(isGroupAlive)).toEqual([]);
  });

  it("ends a driver that does not stop a job, and with it all of its processes", async () => {
    const driver = await start("well");
    const [job, neighbour] = [run(driver, "stubborn"), run(driver, "waits")];
    driver.cancel("stubborn");
    const end = "signal SIGKILL, because one of its jobs was cancelled and was still there 0.2 seconds later";
    const outcomes = await Promise.allSettled([job, neighbour]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { end } });
    await driver.ended;
    expect(groupsOf(driver).filter(isGroupAlive)).toEqual([]);
  });

  it("says how a driver ended, and its last words, to each of its jobs and to the next", async () => {
    const driver = await start("well");
    const waiting = run(driver, "waits");
    const outcomes = await Promise.allSettled([waiting, run(driver, "crashes")]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ reason: { end: "signal SIGKILL", log: "the last words" } });
    }
    expect(driver.isAlive()).toBe(false);
    expect(lost.map(({ log }) => log)).toEqual(["the last words"]);
    await expect(run(driver, "well")).rejects.toThrow(DriverEndedError);
    await driver.ended;
    expect(groupsOf(driver).filter(isGroupAlive)).toEqual([]);
  });

  it("ends a driver that it can't understand", async () => {
    const driver = await start("well");
    const why = "ended with signal SIGKILL, because it said something that can't be understood";
    await expect(run(driver, "babbles")).rejects.toThrow(why);
  });

  it("takes nobody else along when what is made of a job's events fails", async () => {
    const driver = await start("well");
    const waiting = run(driver, "waits");
    const failing = driver.run({ id: "failing", project: "well", arguments: [] }, () => {
      throw new Error("no room for it");
    });
    await expect(failing).rejects.toThrow("no room for it");
    driver.cancel("waits");
    expect(await waiting).toBe("cancelled");
    expect(driver.isAlive()).toBe(true);
  });

  it("stops gently, and then not", async () => {
    const gentle = await start("well");
    await gentle.stop();
    expect(lost).toEqual([]);
    expect(groupsOf(gentle).filter(isGroupAlive)).toEqual([]);
    const stubborn = await start("stays");
    expect(groupsOf(stubborn).filter(isGroupAlive)).toHaveLength(2);
    await stubborn.stop();
    expect(groupsOf(stubborn).filter(isGroupAlive)).toEqual([]);
  });

  it("says why a driver does not start", async () => {
    await expect(start("dies")).rejects.toMatchObject({ end: "status 3", log: "no Spark in sight" });
    await expect(start("silent", never, { start: 300 })).rejects.toMatchObject({
      end: "signal SIGKILL, because it was not ready after 0.3 seconds",
    });
    const missing = {
      command: ["/nowhere/python"] as [string],
      channel: "descriptor" as const,
      environment: {},
      folder,
    };
    await expect(startDriver(missing, never)).rejects.toThrow("no start at all");
  });

  it("gives a start up when it is told to", async () => {
    const abort = new AbortController();
    const starting = start("silent", abort.signal);
    setTimeout(() => abort.abort(), 200);
    await expect(starting).rejects.toThrow(DriverEndedError);
    // Nothing is started, and nobody waits for it, when it was told before.
    const late = AbortSignal.abort(new Error("told before"));
    await expect(start("silent", late)).rejects.toThrow("told before");
  });
});
