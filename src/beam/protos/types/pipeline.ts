// Made from proto/beam/pipeline.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { Environment } from "./environment.js";
import type { DisplayData, FunctionSpec } from "./function-spec.js";
import type { WindowingStrategy } from "./windowing.js";

/** A whole pipeline, as an SDK hands it over. */
export interface Pipeline extends Message {
  readonly components: Components | undefined;
  readonly rootTransformIds: readonly string[];
  readonly displayData: readonly DisplayData[];
  /** URNs of what the runner must support; one that it does not know must make it refuse. */
  readonly requirements: readonly string[];
}

export const Pipeline: MessageType<Pipeline> = messageType(
  "pipeline.proto",
  "org.apache.beam.model.pipeline.v1.Pipeline",
);

/** Everything that the graph refers to, by id. Ids mean nothing outside of this message. */
export interface Components extends Message {
  readonly transforms: ReadonlyMap<string, PTransform>;
  readonly pcollections: ReadonlyMap<string, PCollection>;
  readonly windowingStrategies: ReadonlyMap<string, WindowingStrategy>;
  readonly coders: ReadonlyMap<string, Coder>;
  readonly environments: ReadonlyMap<string, Environment>;
}

export const Components: MessageType<Components> = messageType(
  "pipeline.proto",
  "org.apache.beam.model.pipeline.v1.Components",
);

/** A node of the graph: a primitive that does something, or a composite that is made of others. */
export interface PTransform extends Message {
  readonly spec: FunctionSpec | undefined;
  /** Ids of the parts, in topological order. A transform with none is a primitive, or does nothing. */
  readonly subtransforms: readonly string[];
  /** PCollection ids by local name. For a ParDo the main input is the one that is no side input. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
  readonly uniqueName: string;
  readonly displayData: readonly DisplayData[];
  readonly environmentId: string;
  /** What the SDK adds for those who know how to read it; dropping it never changes a result. */
  readonly annotations: ReadonlyMap<string, Uint8Array>;
}

export const PTransform: MessageType<PTransform> = messageType(
  "pipeline.proto",
  "org.apache.beam.model.pipeline.v1.PTransform",
);

/** An edge of the graph: elements of one coder under one windowing strategy. */
export interface PCollection extends Message {
  readonly uniqueName: string;
  readonly coderId: string;
  readonly isBounded: IsBounded;
  readonly windowingStrategyId: string;
  readonly displayData: readonly DisplayData[];
}

export const PCollection: MessageType<PCollection> = messageType(
  "pipeline.proto",
  "org.apache.beam.model.pipeline.v1.PCollection",
);

/** Whether a PCollection ends. */
export const IsBounded = {
  UNSPECIFIED: 0,
  UNBOUNDED: 1,
  BOUNDED: 2,
} as const;
/** A number of IsBounded, or one that a later version of the model adds. */
export type IsBounded = number;

/** How elements become bytes: a standard coder or the SDK's own, over the coders of its parts. */
export interface Coder extends Message {
  readonly spec: FunctionSpec | undefined;
  readonly componentCoderIds: readonly string[];
}

export const Coder: MessageType<Coder> = messageType(
  "pipeline.proto",
  "org.apache.beam.model.pipeline.v1.Coder",
);
