import { expect, test } from "vitest";
import { DockerPayload } from "../../src/beam/protos/types/environment.js";
import { URN } from "../../src/beam/urns.js";
import {
  parentOf,
  processesWith,
  pythonCapabilities,
  requestOf,
  sessionOf,
  splitWords,
  startWorkerSetting,
} from "./worker-setting.js";

const inContainer = {
  urn: URN.environmentDocker,
  payload: DockerPayload.encode({ containerImage: "apache/beam_python3.11_sdk:2.77.0" }),
  capabilities: pythonCapabilities,
};

test("a worker is started as its container would, lent again, and leaves nothing", async () => {
  const setting = await startWorkerSetting();
  const worker = await setting.lender.borrow(requestOf(inContainer));
  expect(await splitWords(setting.host, worker, "two words")).toBe("\x03two\x05words");
  expect(processesWith(worker.id)).not.toEqual([]);
  setting.lender.giveBack(worker, true);
  expect(await setting.lender.borrow(requestOf(inContainer))).toBe(worker);
  expect(await splitWords(setting.host, worker, "one")).toBe("\x03one");
  const other = await setting.lender.borrow(requestOf(inContainer));
  expect(await splitWords(setting.host, other, "other")).toBe("\x05other");
  await expect.poll(() => [...setting.logging].sort()).toEqual([worker.id, other.id].sort());
  // Both are forks of the one process that has imported Beam.
  const parents = [worker, other].map(({ id }) => parentOf(sessionOf(processesWith(id)[0]!)));
  expect(parents[0]).toBe(parents[1]);
  expect(await setting.close()).toEqual([]);
  expect([worker, other].flatMap(({ id }) => processesWith(id))).toEqual([]);
}, 180_000);
