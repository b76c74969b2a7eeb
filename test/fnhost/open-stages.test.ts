import { beforeEach, expect, test } from "vitest";
import { type OpenedStage, OpenStages } from "../../src/fnhost/open-stages.js";
import { Workers } from "../../src/fnhost/workers.js";
import { bytesStage } from "./bytes-stage.js";

const host = {
  dataEndpoint: "localhost:2",
  endpoint: "127.0.0.1:1",
  workers: new Workers(),
  descriptors: new Map(),
  close: () => {},
};
let stages: OpenStages;
beforeEach(() => {
  host.descriptors.clear();
  stages = new OpenStages(host, 20);
});

function open(job: string): OpenedStage {
  const { descriptor, stage } = bytesStage();
  return stages.open(descriptor, stage, job);
}

const known = () => [...host.descriptors.keys()];

test("a stage is made ready once, and kept for a while after its last task", async () => {
  const stage = open("job");
  expect(open("job")).toBe(stage);
  stages.leave(stage);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(known()).toEqual([stage.id]);
  stages.leave(stage);
  expect(open("job")).toBe(stage);
  stages.leave(stage);
  await expect.poll(() => known()).toEqual([]);
});

test("a job that is over takes along what no other has opened, once no task has it open", () => {
  const stage = open("job-1");
  open("job-2");
  stages.endJob("job-1");
  stages.leave(stage);
  expect(known()).toEqual([stage.id]);
  stages.endJob("job-2");
  expect(known()).toEqual([stage.id]);
  stages.leave(stage);
  expect(known()).toEqual([]);
});
