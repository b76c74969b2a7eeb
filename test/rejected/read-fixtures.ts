import { ArtifactStagingToRolePayload } from "../../src/beam/protos/types/environment.js";
import { ParDoPayload } from "../../src/beam/protos/types/payloads.js";
import { Pipeline } from "../../src/beam/protos/types/pipeline.js";
import { URN } from "../../src/beam/urns.js";
import type { Json, JsonObject } from "../../src/compiler/1-read/json.js";
import { limits } from "../../src/compiler/1-read/limits.js";
import { base64, flatten, globalWindowing, pcollection, smallPipeline } from "./small-pipeline.js";

/** The files of one folder of `fixtures/rejected`: text, bytes, or a value to be written as JSON. */
export type FixtureFiles = Readonly<Record<string, Json | Uint8Array>>;

/** The folders of `fixtures/rejected` for what reading reports. */
export const readFixtures: Readonly<Record<string, FixtureFiles>> = {
  "five-at-once": {
    "pipeline.json": smallPipeline({
      transforms: {
        read: { uniqueName: "Read", spec: { urn: URN.read, payload: base64(new Uint8Array([8])) } },
        loop: flatten("Loop", "p3", "p2"),
        back: flatten("Back", "p2", "p3"),
        again: { uniqueName: "Again", spec: { urn: URN.impulse }, outputs: { out: "p1" } },
        lost: { ...flatten("Lost", "p1", "p4"), environmentId: "nowhere" },
      },
      pcollections: {
        p2: pcollection("Loop.out"),
        p3: pcollection("Back.out"),
        p4: pcollection("Lost.out"),
      },
      roots: ["source", "read", "loop", "back", "again", "lost"],
      requirements: ["beam:requirement:pardo:telepathy:v1"],
    }),
  },
  "read-file-unreadable": {},
  "read-not-a-pipeline": { "pipeline.pb": bytesOf("#!/usr/bin/env python\nimport apache_beam\n") },
  "read-malformed-proto": { "pipeline.pb": truncated(Pipeline.encode(Pipeline.fromJson(smallPipeline()))) },
  "read-malformed-json": {
    "pipeline.json": smallPipeline({
      pcollections: { p1: pcollection("Source.out", { isBounded: "PERHAPS" }) },
    }),
  },
  "read-options-invalid": {
    "pipeline.json": smallPipeline(),
    "pipeline.options.json": ["--runner=PortableRunner"],
  },
  "read-bundle-invalid": {
    "pipeline.json": smallPipeline(),
    "pipeline.artifacts/manifest.json": [{ ...artifact("lib.tar.gz"), sha256: "../../../etc/passwd" }],
  },
  "read-artifact-missing": {
    "pipeline.json": smallPipeline({ environments: withDependency("requirements.txt") }),
  },
  "read-artifact-damaged": {
    "pipeline.json": smallPipeline({ environments: withDependency("lib.tar.gz") }),
    "pipeline.artifacts/manifest.json": [artifact("lib.tar.gz")],
    [`pipeline.artifacts/${emptySha256()}`]: bytesOf("not what it was\n"),
  },
  "read-artifact-unsafe": {
    "pipeline.json": smallPipeline(),
    "pipeline.artifacts/manifest.json": [artifact("../../.bashrc")],
    [`pipeline.artifacts/${emptySha256()}`]: new Uint8Array(0),
  },
  "read-missing-id": {
    "pipeline.json": smallPipeline({
      transforms: {
        map: {
          uniqueName: "Map",
          spec: {
            urn: URN.parDo,
            payload: base64(
              ParDoPayload.encode({
                doFn: { urn: "beam:dofn:pickled_python:v1" },
                sideInputs: new Map([["side0", { accessPattern: { urn: URN.sideInputIterable } }]]),
                stateSpecs: new Map([["seen", { mapSpec: { keyCoderId: "bytes", valueCoderId: "c9" } }]]),
                restrictionCoderId: "c8",
              }),
            ),
          },
          inputs: { "0": "p1", constructor: "p9" },
          outputs: { out: "p2" },
          environmentId: "python",
        },
        whole: { uniqueName: "Whole", subtransforms: ["map", "gone"] },
      },
      pcollections: { p2: pcollection("Map.out", { coderId: "pair", windowingStrategyId: "w7" }) },
      windowingStrategies: { global: { ...globalWindowing, windowCoderId: "c6", environmentId: "e6" } },
      coders: { pair: { spec: { urn: URN.coderKv }, componentCoderIds: ["bytes", "c5"] } },
      roots: ["source", "whole", "absent"],
    }),
  },
  "read-no-root": { "pipeline.json": smallPipeline({ roots: [] }) },
  "read-hierarchy-cycle": {
    "pipeline.json": smallPipeline({
      transforms: {
        outer: { uniqueName: "Outer", subtransforms: ["inner"] },
        inner: { uniqueName: "Outer/Inner", subtransforms: ["outer"] },
      },
    }),
  },
  "read-several-parents": {
    "pipeline.json": smallPipeline({
      transforms: {
        first: { uniqueName: "First", subtransforms: ["source"] },
        second: { uniqueName: "Second", subtransforms: ["source"] },
      },
      roots: ["first", "second"],
    }),
  },
  "read-hierarchy-too-deep": {
    "pipeline.json": smallPipeline({
      transforms: chain(limits.transformNesting + 1, (index, next) => ({
        uniqueName: `Level${index}`,
        subtransforms: [next ?? "source"],
      })),
      roots: ["level0"],
    }),
  },
  "read-unreachable-transform": {
    "pipeline.json": smallPipeline({
      transforms: { forgotten: flatten("Forgotten", "p1", "p2") },
      pcollections: { p2: pcollection("Forgotten.out") },
    }),
  },
  "read-several-producers": {
    "pipeline.json": smallPipeline({
      transforms: { twin: { uniqueName: "Twin", spec: { urn: URN.impulse }, outputs: { out: "p1" } } },
      roots: ["source", "twin"],
    }),
  },
  "read-no-producer": {
    "pipeline.json": smallPipeline({
      transforms: { orphan: flatten("Orphan", "p3", "p2") },
      pcollections: { p2: pcollection("Orphan.out"), p3: pcollection("Nobody.out") },
      roots: ["source", "orphan"],
    }),
  },
  "read-data-flow-cycle": {
    "pipeline.json": smallPipeline({
      transforms: { loop: flatten("Loop", "p3", "p2"), back: flatten("Back", "p2", "p3") },
      pcollections: { p2: pcollection("Loop.out"), p3: pcollection("Back.out") },
      roots: ["source", "loop", "back"],
    }),
  },
  "read-coder-cycle": {
    "pipeline.json": smallPipeline({
      coders: {
        list: { spec: { urn: URN.coderIterable }, componentCoderIds: ["item"] },
        item: { spec: { urn: URN.coderNullable }, componentCoderIds: ["list"] },
      },
    }),
  },
  "read-coder-too-deep": {
    "pipeline.json": smallPipeline({
      coders: chain(limits.coderNesting + 1, (_, next) => ({
        spec: { urn: URN.coderIterable },
        componentCoderIds: [next ?? "bytes"],
      })),
    }),
  },
  "read-windowing-invalid": {
    "pipeline.json": smallPipeline({
      windowingStrategies: { global: { ...globalWindowing, trigger: {}, outputTime: 99 } },
    }),
  },
  "read-payload-invalid": {
    "pipeline.json": smallPipeline({
      transforms: {
        map: {
          uniqueName: 'Map"); os.system("true")\nerror forged',
          spec: { urn: URN.parDo, payload: base64(new Uint8Array([0x0a, 0x7f])) },
          inputs: { "0": "p1" },
          environmentId: "docker",
        },
      },
      windowingStrategies: { global: { ...globalWindowing, windowFn: { urn: URN.windowFnFixed } } },
      environments: { docker: { urn: URN.environmentDocker } },
      roots: ["source", "map"],
    }),
  },
  "read-requirement-unknown": {
    "pipeline.json": smallPipeline({ requirements: ["beam:requirement:pardo:telepathy:v1"] }),
  },
};

/** Components `level0`, `level1`, … each made from its number and the id of the next, undefined for the last. */
function chain(length: number, make: (index: number, next: string | undefined) => JsonObject): JsonObject {
  return Object.fromEntries(
    Array.from({ length }, (_, index) => [
      `level${index}`,
      make(index, index + 1 < length ? `level${index + 1}` : undefined),
    ]),
  );
}

function withDependency(name: string): JsonObject {
  const { roleUrn, rolePayload } = artifact(name);
  const dependencies: Json = [
    { typeUrn: URN.artifactFile, roleUrn: roleUrn ?? null, rolePayload: rolePayload ?? null },
  ];
  return { python: { urn: URN.environmentDefault, dependencies } };
}

/** An entry of a capture's manifest. */
function artifact(stagedName: string): JsonObject {
  return {
    environment: "python",
    typeUrn: URN.artifactFile,
    roleUrn: URN.artifactStagingTo,
    rolePayload: base64(ArtifactStagingToRolePayload.encode({ stagedName })),
    stagedName,
    sha256: emptySha256(),
    size: 0,
  };
}

function emptySha256(): string {
  return "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
}

function truncated(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length - 40);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
