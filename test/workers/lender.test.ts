import { afterEach, beforeEach, expect, test } from "vitest";
import { URN } from "../../src/beam/urns.js";
import { type FnHost, startHost } from "../../src/fnhost/start-host.js";
import { startFailure } from "../../src/workers/start-failure.js";
import { ReusingLender } from "../../src/workers/worker-lender.js";
import type { WorkerEnd, WorkerOrder } from "../../src/workers/worker-order.js";
import { FakeWorker } from "../fnhost/fake-worker.js";
import { requestOf } from "./worker-setting.js";

interface FakeStart {
  readonly order: WorkerOrder;
  readonly fake: FakeWorker;
  readonly end: (end: WorkerEnd) => void;
  isStopped: boolean;
}

let host: FnHost;
let lender: ReusingLender;
let starts: FakeStart[];
beforeEach(async () => {
  host = await startHost({ onLog: () => {} });
  starts = [];
  lender = new ReusingLender({
    host,
    patience: { start: 5, idle: 0.3 },
    start: async (order) => {
      if (order.workers === "process") throw startFailure("worker/no-binary", {});
      const fake = new FakeWorker(host, order.workerId, () => {});
      let end: (end: WorkerEnd) => void = () => {};
      const ended = new Promise<WorkerEnd>((resolve) => {
        end = resolve;
      });
      const start = { order, fake, end, isStopped: false };
      starts.push(start);
      return {
        ended,
        stop: async () => {
          start.isStopped = true;
          fake.close();
          end({ how: "exit code 0", output: "" });
        },
      };
    },
  });
});
afterEach(async () => {
  await lender.close();
  host.close();
});

const environment = { urn: URN.environmentDefault };
const stopped = (): readonly boolean[] => starts.map(({ isStopped }) => isStopped);

test("a worker that comes back idle is lent again, to its own job and environment alone", async () => {
  const first = await lender.borrow(requestOf(environment));
  const second = await lender.borrow(requestOf(environment));
  expect(second).not.toBe(first);
  expect(starts[0]!.order.workerId).toMatch(/^[0-9a-f-]{36}$/);
  lender.giveBack(first, true);
  expect(await lender.borrow(requestOf(environment, { job: "job-2" }))).not.toBe(first);
  expect(await lender.borrow(requestOf(environment, { options: '{"a": 1}' }))).not.toBe(first);
  const hinted = { ...environment, resourceHints: new Map([["a", Buffer.from("b")]]) };
  expect(await lender.borrow(requestOf(hinted))).not.toBe(first);
  expect(await lender.borrow(requestOf(environment))).toBe(first);
  expect(starts).toHaveLength(5);
});

test("one that was in the middle of something, or that nobody wants, is stopped", async () => {
  const broken = await lender.borrow(requestOf(environment));
  const unwanted = await lender.borrow(requestOf(environment));
  lender.giveBack(broken, false);
  lender.giveBack(unwanted, true);
  expect(stopped()).toEqual([true, false]);
  await expect.poll(stopped).toEqual([true, true]);
  expect(host.workers.all()).toEqual([]);
});

test("one that has ended while it was idle is not lent", async () => {
  const worker = await lender.borrow(requestOf(environment));
  lender.giveBack(worker, true);
  starts[0]!.end({ how: "signal SIGKILL", output: "" });
  await expect.poll(stopped).toEqual([true]);
  expect(await lender.borrow(requestOf(environment))).not.toBe(worker);
});

test("a job that is over takes its workers along, and no others", async () => {
  const requests = [requestOf(environment), requestOf(environment), requestOf(environment, { job: "job-2" })];
  const [first] = await Promise.all(requests.map((request) => lender.borrow(request)));
  lender.giveBack(first!, true);
  await lender.endJob("job-1");
  expect(
    starts.map(({ order, isStopped }) => [order.workerId, isStopped]).filter(([, is]) => !is),
  ).toHaveLength(1);
});

test("whoever needs a worker hears how its process has ended, though its streams end first", async () => {
  const worker = await lender.borrow(requestOf(environment));
  const reason = new Promise<string>((resolve) => worker.onEnd(resolve));
  starts[0]!.fake.close();
  setTimeout(() => starts[0]!.end({ how: "exit code 9", output: "out of\nluck" }), 200);
  expect(await reason).toBe("the worker has ended with exit code 9; the end of its output:\nout of\nluck");
});

test("a start that fails is the task's failure, and the next one starts anew", async () => {
  const failure = await lender.borrow(requestOf(environment, { workers: "process" })).catch((error) => error);
  expect(failure).toMatchObject({ diagnostic: { code: "worker/no-binary" } });
  await expect(lender.borrow(requestOf(environment, { options: "{" }))).rejects.toThrow();
  expect(host.workers.all()).toEqual([]);
  await lender.borrow(requestOf(environment));
  await lender.close();
  await expect(lender.borrow(requestOf(environment))).rejects.toThrow("the host is closing");
});

test("a worker that is still starting when the host closes is stopped, too", async () => {
  let go: () => void = () => {};
  const slow = new Promise<void>((resolve) => {
    go = resolve;
  });
  const stops: string[] = [];
  const closing = new ReusingLender({
    host,
    start: async (order) => {
      await slow;
      return {
        ended: new Promise(() => {}),
        stop: async () => void stops.push(order.workerId),
      };
    },
  });
  const borrowed = closing.borrow(requestOf(environment)).catch((error: Error) => error.message);
  await new Promise((resolve) => setTimeout(resolve, 20));
  setTimeout(go, 20);
  await closing.close();
  expect(stops).toHaveLength(1);
  expect(await borrowed).toBe("the host is closing");
});

test("a start takes as long as its task allows, with all that it waits for", async () => {
  const fakes: FakeWorker[] = [];
  const given = new Set<string>();
  const slow = new ReusingLender({
    host,
    patience: { start: 0.2, idle: 5 },
    start: async ({ workerId, workers, signal }) => {
      // What is fetched and installed is given up with the start.
      if (workers === "installs for ever") {
        await new Promise((_resolve, reject) =>
          signal!.addEventListener("abort", () => reject(signal!.reason)),
        );
      }
      setTimeout(() => fakes.push(new FakeWorker(host, workerId, () => {})), 500);
      const ended = new Promise<WorkerEnd>((resolve) => {
        if (workers === "ends") resolve({ how: "exit code 1", output: "" });
      });
      return { ended, stop: async () => void given.add(workerId) };
    },
  });
  const borrow = (workers: string, seconds: bigint) =>
    slow.borrow(requestOf(environment, { workers, workerStartSeconds: seconds })).then(
      () => "connected",
      (error: Error) => error.message,
    );
  const began = performance.now();
  const outcomes = await Promise.all([
    borrow("connects", 30n),
    borrow("connects", 0n),
    borrow("installs for ever", 0n),
    borrow("ends", 30n),
  ]);
  expect(performance.now() - began).toBeLessThan(5_000);
  const never = expect.stringContaining("the worker has not connected in 0.2 seconds");
  expect(outcomes).toEqual(["connected", never, never, expect.stringContaining("ended with exit code 1")]);
  await slow.close();
  expect(given.size).toBe(3);
  for (const fake of fakes) fake.close();
});
