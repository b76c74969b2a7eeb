import { describe, expect, it } from "vitest";
import { type Driver, DriverEndedError } from "../../src/drivers/driver.js";
import { claimOf, keyOf } from "../../src/drivers/driver-configuration.js";
import { createDriverPool, type DriverPool, type Lease } from "../../src/drivers/driver-pool.js";

/** A driver without a process: the pool's choices don't depend on what a driver does. */
class QuietDriver implements Driver {
  readonly webUrl = null;
  readonly processId = 0;
  readonly ended: Promise<void>;
  alive = true;
  end: () => void = () => {};
  constructor() {
    this.ended = new Promise((resolve) => {
      this.end = () => {
        this.alive = false;
        resolve();
      };
    });
  }
  isAlive(): boolean {
    return this.alive;
  }
  run(): Promise<never> {
    return Promise.reject(new Error("it runs nothing"));
  }
  cancel(): void {}
  async stop(): Promise<void> {
    this.end();
  }
}

const never = new AbortController().signal;
const started: string[] = [];

function acquire(pool: DriverPool, key: string, signal = never, claim: string | null = null): Promise<Lease> {
  const start = async (): Promise<Driver> => {
    started.push(key);
    return new QuietDriver();
  };
  return pool.acquire({ key, claim, start }, signal);
}

/** Whether a promise is still open after everything that can happen has happened. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  const later = new Promise((resolve) => setTimeout(() => resolve("open"), 20));
  return (await Promise.race([promise.then(() => "settled"), later])) === "open";
}

it.each([
  ["spark://host:7077", [], "spark://host:7077"],
  ["spark://host:7077", ["spark.cores.max"], null],
  ["spark://host:7077", ["spark.dynamicAllocation.enabled"], null],
  ["local[4]", [], null],
  ["yarn", [], null],
])("a driver on %s with %j takes %j whole", (master, settings, claim) => {
  expect(claimOf({ master, packages: [], compatibility: null }, new Set(settings))).toBe(claim);
});

it("jobs share a driver when master, packages and encodings are the same", () => {
  const file = (name: string, sha256: string) => ({ name, sha256, path: `/${sha256}` });
  const packages = [file("a.whl", "1"), file("b.whl", "2")];
  const configuration = { master: "local", packages, compatibility: null };
  const key = keyOf(configuration);
  expect(keyOf({ ...configuration, packages: packages.toReversed() })).toBe(key);
  expect(keyOf({ ...configuration, master: "yarn" })).not.toBe(key);
  expect(keyOf({ ...configuration, packages: [file("a.whl", "1"), file("b.whl", "3")] })).not.toBe(key);
  expect(keyOf({ ...configuration, compatibility: "2.66.0" })).not.toBe(key);
});

describe("the pool of drivers", () => {
  it("gives all jobs of one key the same driver, also while it starts", async () => {
    started.length = 0;
    const pool = createDriverPool(2);
    const [first, second] = await Promise.all([acquire(pool, "a"), acquire(pool, "a")]);
    expect(first.driver).toBe(second.driver);
    first.release();
    expect((await acquire(pool, "a")).driver).toBe(first.driver);
    expect(started).toEqual(["a"]);
  });

  it("ends the driver that has been idle for longest where another one needs its place", async () => {
    const pool = createDriverPool(2);
    const [a, b] = [await acquire(pool, "a"), await acquire(pool, "b")];
    a.release();
    b.release();
    (await acquire(pool, "a")).release();
    const c = await acquire(pool, "c");
    expect([a.driver.isAlive(), b.driver.isAlive(), c.driver.isAlive()]).toEqual([true, false, true]);
  });

  it("lets a job wait while all drivers are at work, and takes it out when it is cancelled", async () => {
    const pool = createDriverPool(1);
    const first = await acquire(pool, "a");
    const cancel = new AbortController();
    const [second, third] = [acquire(pool, "b"), acquire(pool, "c", cancel.signal)];
    expect(await isOpen(second)).toBe(true);
    cancel.abort(new Error("enough"));
    await expect(third).rejects.toThrow("enough");
    first.release();
    // Twice is once: what is given back is somebody else's.
    first.release();
    expect((await second).driver.isAlive()).toBe(true);
    expect(first.driver.isAlive()).toBe(false);
    expect(await isOpen(acquire(pool, "a"))).toBe(true);
  });

  it("never has two drivers that each take the same cluster whole", async () => {
    const pool = createDriverPool(4);
    const first = await acquire(pool, "a", never, "spark://host");
    const elsewhere = await acquire(pool, "b", never, "spark://other");
    const nowhere = await acquire(pool, "c");
    for (const lease of [elsewhere, nowhere]) lease.release();
    const second = acquire(pool, "d", never, "spark://host");
    expect(await isOpen(second)).toBe(true);
    first.release();
    expect((await second).driver.isAlive()).toBe(true);
    const alive = [first, elsewhere, nowhere].map(({ driver }) => driver.isAlive());
    expect(alive).toEqual([false, true, true]);
  });

  it("starts another driver for the next job when one has died", async () => {
    const pool = createDriverPool(2);
    const first = await acquire(pool, "a");
    const driver = first.driver as QuietDriver;
    driver.alive = false;
    const second = acquire(pool, "a");
    // Not before all of the dead one is gone: its place is not free.
    expect(await isOpen(second)).toBe(true);
    driver.end();
    expect((await second).driver).not.toBe(driver);
  });

  it("tells everybody who waits for a driver that does not start, and tries again for the next", async () => {
    const pool = createDriverPool(1);
    const start = () => Promise.reject(new DriverEndedError("status 3", ""));
    const failing = { key: "a", claim: null, start };
    const both = [pool.acquire(failing, never), pool.acquire(failing, never)];
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect((await acquire(pool, "a")).driver.isAlive()).toBe(true);
  });

  it("ends everything when it is closed: what works, what is idle, what starts", async () => {
    const pool = createDriverPool(3);
    const [busy, idle] = [await acquire(pool, "a"), await acquire(pool, "b")];
    idle.release();
    const start = (signal: AbortSignal) =>
      new Promise<Driver>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const starting = pool.acquire({ key: "c", claim: null, start }, never);
    const outcome = expect(starting).rejects.toThrow("being stopped");
    await pool.close();
    await outcome;
    expect([busy.driver.isAlive(), idle.driver.isAlive()]).toEqual([false, false]);
    await expect(acquire(pool, "a")).rejects.toThrow("being stopped");
  });
});
