// Made from proto/beam/bundle.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { ApiServiceDescriptor } from "./endpoints.js";
import type { Environment } from "./environment.js";
import type { Coder, PCollection, PTransform } from "./pipeline.js";
import type { WindowingStrategy } from "./windowing.js";

/** A stage as a worker sees it: the transforms to run, and everything that they refer to. */
export interface ProcessBundleDescriptor extends Message {
  readonly id: string;
  readonly transforms: ReadonlyMap<string, PTransform>;
  readonly pcollections: ReadonlyMap<string, PCollection>;
  readonly windowingStrategies: ReadonlyMap<string, WindowingStrategy>;
  readonly coders: ReadonlyMap<string, Coder>;
  readonly environments: ReadonlyMap<string, Environment>;
  readonly stateApiServiceDescriptor: ApiServiceDescriptor | undefined;
  readonly timerApiServiceDescriptor: ApiServiceDescriptor | undefined;
}

export const ProcessBundleDescriptor: MessageType<ProcessBundleDescriptor> = messageType(
  "bundle.proto",
  "org.apache.beam.model.fn_execution.v1.ProcessBundleDescriptor",
);

/** The payload of the transforms at a stage's edges: where elements come from or go to, and in which coder. */
export interface RemoteGrpcPort extends Message {
  readonly apiServiceDescriptor: ApiServiceDescriptor | undefined;
  readonly coderId: string;
}

export const RemoteGrpcPort: MessageType<RemoteGrpcPort> = messageType(
  "bundle.proto",
  "org.apache.beam.model.fn_execution.v1.RemoteGrpcPort",
);
