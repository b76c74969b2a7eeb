import { beforeEach, expect, test } from "vitest";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import { AnyOfEnvironmentPayload } from "../../src/beam/protos/types/environment.js";
import { URN } from "../../src/beam/urns.js";
import { type OpenedStage, OpenStages } from "../../src/fnhost/open-stages.js";
import { Workers } from "../../src/fnhost/workers.js";
import { bytesLayout, bytesStage } from "./bytes-stage.js";

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

/** Opens the stage with rows of numbers, for workers in any of several environments. */
function openNumbers(...capabilities: readonly (readonly string[])[]): OpenedStage {
  const { descriptor, stage } = bytesStage();
  const decoded = ProcessBundleDescriptor.decode(descriptor);
  const json = JSON.parse(stage);
  json.input.layout = { ...bytesLayout, value: { kind: "double" } };
  const environments = capabilities.map((declared) => ({
    urn: URN.environmentDocker,
    capabilities: declared,
  }));
  const payload = AnyOfEnvironmentPayload.encode({ environments });
  const own = environments.length === 1 ? environments[0]! : { urn: URN.environmentAnyOf, payload };
  const altered = ProcessBundleDescriptor.encode({ ...decoded, environments: new Map([["own", own]]) });
  return stages.open(altered, JSON.stringify(json), "job");
}

test("a coder that neither the environment nor the stage names is a failure by name", () => {
  const failure = {
    code: "runtime/coder-undeclared",
    message: expect.stringContaining(
      "elements are in beam:coder:double:v1, which the environment beam:env:docker",
    ),
    transform: "Outer/Do",
  };
  expect(() => openNumbers([URN.coderBytes])).toThrow(expect.objectContaining(failure));
  expect(openNumbers([URN.coderDouble]).source.value.urn).toBe(URN.coderDouble);
});

test("of several environments only what all of them declare is used", () => {
  const [both, one] = [[URN.coderDouble, URN.coderBytes], [URN.coderDouble]];
  expect([...openNumbers(both, one).capabilities]).toEqual(one);
  expect(() => openNumbers(both, [URN.coderBytes])).toThrow("beam:env:anyof");
});
