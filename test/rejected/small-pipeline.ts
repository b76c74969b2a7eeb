import { URN } from "../../src/beam/urns.js";
import type { JsonObject } from "../../src/compiler/1-read/json.js";

/** What a small pipeline in proto JSON is made of; each part is added to what every one of them has. */
export interface PipelineParts {
  readonly transforms?: JsonObject;
  readonly pcollections?: JsonObject;
  readonly windowingStrategies?: JsonObject;
  readonly coders?: JsonObject;
  readonly environments?: JsonObject;
  readonly roots?: readonly string[];
  readonly requirements?: readonly string[];
}

/** A pipeline in proto JSON: an Impulse `source` that writes `p1`, and what `parts` adds or replaces. */
export function smallPipeline(parts: PipelineParts = {}): JsonObject {
  return {
    components: {
      transforms: {
        source: { uniqueName: "Source", spec: { urn: URN.impulse }, outputs: { out: "p1" } },
        ...parts.transforms,
      },
      pcollections: { p1: pcollection("Source.out"), ...parts.pcollections },
      windowingStrategies: { global: globalWindowing, ...parts.windowingStrategies },
      coders: {
        bytes: { spec: { urn: URN.coderBytes } },
        window: { spec: { urn: URN.coderGlobalWindow } },
        ...parts.coders,
      },
      environments: { ...parts.environments },
    },
    rootTransformIds: parts.roots ?? ["source"],
    requirements: parts.requirements ?? [],
  };
}

/** A bounded PCollection of bytes in the global window. */
export function pcollection(name: string, changes: JsonObject = {}): JsonObject {
  return {
    uniqueName: name,
    coderId: "bytes",
    isBounded: "BOUNDED",
    windowingStrategyId: "global",
    ...changes,
  };
}

/** The windowing strategy that every pipeline begins with. */
export const globalWindowing: JsonObject = {
  windowFn: { urn: URN.windowFnGlobal },
  mergeStatus: "NON_MERGING",
  windowCoderId: "window",
  trigger: { default: {} },
  accumulationMode: "DISCARDING",
  outputTime: "END_OF_WINDOW",
  closingBehavior: "EMIT_IF_NONEMPTY",
  onTimeBehavior: "FIRE_ALWAYS",
  assignsToOneWindow: true,
};

/** A Flatten of one PCollection: the smallest transform that reads and writes. */
export function flatten(name: string, input: string, output: string): JsonObject {
  return { uniqueName: name, spec: { urn: URN.flatten }, inputs: { "0": input }, outputs: { out: output } };
}

/** Base64 of a message's bytes, as proto JSON has bytes. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
