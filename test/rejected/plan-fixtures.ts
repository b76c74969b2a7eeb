import { createHash } from "node:crypto";
import { ArtifactStagingToRolePayload, DockerPayload } from "../../src/beam/protos/types/environment.js";
import { ParDoPayload } from "../../src/beam/protos/types/payloads.js";
import { URN } from "../../src/beam/urns.js";
import type { JsonObject } from "../../src/compiler/1-read/json.js";
import type { FixtureFiles } from "./read-fixtures.js";
import { base64, pcollection, smallPipeline } from "./small-pipeline.js";

const opaque = { urn: "beam:function:opaque:v1" };

const pairs = pcollection("Source.out", { coderId: "pair" });

/** What no function can be at once. */
const splittableWithState = {
  restrictionCoderId: "bytes",
  stateSpecs: new Map([["seen", { bagSpec: { elementCoderId: "bytes" } }]]),
};

/**
 * The folders of `fixtures/rejected` for what planning reports and no program of Beam's Python SDK can ask for. The
 * others have a `pipeline.py`.
 */
export const planFixtures: Readonly<Record<string, FixtureFiles>> = {
  "plan-transform-unsupported": {
    "pipeline.json": smallPipeline({
      transforms: {
        odd: {
          uniqueName: "Odd/Primitive",
          spec: { urn: "beam:transform:of_another_planet:v1" },
          inputs: { "0": "p1" },
          outputs: { out: "p2" },
        },
        test: { uniqueName: "Test", spec: { urn: URN.testStream }, outputs: { out: "p3" } },
      },
      pcollections: { p2: pcollection("Odd.out"), p3: pcollection("Test.out") },
      roots: ["source", "odd", "test"],
    }),
  },
  "plan-transform-malformed": {
    "pipeline.json": smallPipeline({
      transforms: {
        group: {
          uniqueName: "Group",
          spec: { urn: URN.groupByKey },
          inputs: { "0": "p1" },
          outputs: { out: "p2" },
        },
        again: {
          uniqueName: "Again",
          spec: { urn: URN.reshuffle },
          inputs: { "0": "p1", "1": "p2" },
          outputs: { out: "p3" },
        },
        beam2spark_source: {
          uniqueName: "Named as ours",
          spec: { urn: URN.flatten },
          outputs: { out: "p4" },
        },
      },
      pcollections: {
        p2: pcollection("Group.out"),
        p3: pcollection("Again.out"),
        p4: pcollection("Named.out"),
      },
      roots: ["source", "group", "again", "beam2spark_source"],
    }),
  },
  "plan-side-input-unsupported": {
    "pipeline.json": smallPipeline({
      transforms: {
        side: { uniqueName: "Side", spec: { urn: URN.impulse }, outputs: { out: "p2" } },
        map: parDo("Look up", "python", "beam:side_input:telescope:v1"),
      },
      pcollections: { p2: pcollection("Side.out"), p3: pcollection("Look up.out") },
      environments: { python: environment("apache/beam_python3.11_sdk:2.77.0") },
      roots: ["source", "side", "map"],
    }),
  },
  "plan-pardo-feature-unsupported": {
    "pipeline.json": smallPipeline({
      transforms: {
        side: { uniqueName: "Side", spec: { urn: URN.impulse }, outputs: { out: "p2" } },
        map: parDo("Split and remember", "python", URN.sideInputIterable, splittableWithState),
      },
      pcollections: { p1: pairs, p2: pcollection("Side.out"), p3: pcollection("Split.out") },
      coders: { pair: { spec: { urn: URN.coderKv }, componentCoderIds: ["bytes", "bytes"] } },
      environments: { python: environment("apache/beam_python3.11_sdk:2.77.0") },
      roots: ["source", "side", "map"],
    }),
  },
  "plan-five-at-once": {
    "pipeline.json": smallPipeline({
      transforms: {
        side: { uniqueName: "Side", spec: { urn: URN.impulse }, outputs: { out: "p2" } },
        map: parDo("Everything", "java", "beam:side_input:telescope:v1", splittableWithState),
        odd: {
          uniqueName: "Odd/Primitive",
          spec: { urn: "beam:transform:of_another_planet:v1" },
          inputs: { "0": "p3" },
          outputs: { out: "p4" },
        },
      },
      pcollections: {
        p2: pcollection("Side.out"),
        p3: pcollection("Everything.out"),
        p4: pcollection("Odd.out"),
      },
      environments: { java: environment("apache/beam_java17_sdk:2.77.0") },
      roots: ["source", "side", "map", "odd"],
    }),
  },
  "plan-environment-unsupported": {
    "pipeline.json": smallPipeline({
      transforms: {
        side: { uniqueName: "Side", spec: { urn: URN.impulse }, outputs: { out: "p2" } },
        map: parDo("In Java", "java", URN.sideInputIterable),
      },
      pcollections: { p2: pcollection("Side.out"), p3: pcollection("In Java.out") },
      environments: { java: environment("apache/beam_java17_sdk:2.77.0") },
      roots: ["source", "side", "map"],
    }),
  },
  "plan-artifact-clash": {
    "pipeline.json": smallPipeline({
      environments: { first: withFile("first", "one\n"), second: withFile("second", "two\n") },
    }),
    "pipeline.artifacts/manifest.json": [artifact("first", "one\n"), artifact("second", "two\n")],
    [`pipeline.artifacts/${sha256("one\n")}`]: bytesOf("one\n"),
    [`pipeline.artifacts/${sha256("two\n")}`]: bytesOf("two\n"),
  },
};

function parDo(
  name: string,
  environmentId: string,
  accessPattern: string,
  changes: Parameters<typeof ParDoPayload.encode>[0] = {},
): JsonObject {
  const payload = ParDoPayload.encode({
    ...changes,
    doFn: { urn: "beam:dofn:opaque:v1" },
    sideInputs: new Map([
      ["side", { accessPattern: { urn: accessPattern }, viewFn: opaque, windowMappingFn: opaque }],
    ]),
  });
  return {
    uniqueName: name,
    spec: { urn: URN.parDo, payload: base64(payload) },
    inputs: { "0": "p1", side: "p2" },
    outputs: { out: "p3" },
    environmentId,
  };
}

function environment(containerImage: string): JsonObject {
  return {
    urn: URN.environmentDocker,
    payload: base64(DockerPayload.encode({ containerImage })),
    capabilities: [`beam:version:sdk_base:${containerImage}`],
  };
}

function withFile(id: string, content: string): JsonObject {
  const { typeUrn, roleUrn, rolePayload } = artifact(id, content);
  return {
    ...environment("apache/beam_python3.11_sdk:2.77.0"),
    dependencies: [{ typeUrn: typeUrn ?? null, roleUrn: roleUrn ?? null, rolePayload: rolePayload ?? null }],
  };
}

/** An entry of a capture's manifest: both environments name their file the same. */
function artifact(environmentId: string, content: string): JsonObject {
  const stagedName = "settings.txt";
  return {
    environment: environmentId,
    typeUrn: URN.artifactFile,
    roleUrn: URN.artifactStagingTo,
    rolePayload: base64(ArtifactStagingToRolePayload.encode({ stagedName })),
    stagedName,
    sha256: sha256(content),
    size: content.length,
  };
}

function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
