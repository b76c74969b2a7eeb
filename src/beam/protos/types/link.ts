// Made from proto/beam2spark/link.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";

/** The stage that a task runs. */
export interface OpenStage extends Message {
  /** A ProcessBundleDescriptor, as it lies in the project. */
  readonly descriptor: Uint8Array;
  /** The stage's JSON, as it lies in the project. */
  readonly stage: string;
  /** The pipeline's options, as JSON. */
  readonly options: string;
  /** A bundle ends at about so many bytes of its input. */
  readonly bundleBytes: bigint;
  /** Names the job: workers are lent from one of its tasks to the next, and to no other job's. */
  readonly job: string;
  /** The folder on this machine that has the project's artifacts; empty where it has none. */
  readonly artifacts: string;
  /** The Python that Python's workers run with, and the folders and archives that they find modules in. */
  readonly python: string;
  readonly pythonPath: readonly string[];
  /** How workers are started: "auto", "process", "docker", or the address of a worker pool, host:port. */
  readonly workers: string;
  /** So many bytes of one task's state may stay in memory. */
  readonly stateMemoryBytes: bigint;
  /** Most bytes of a group that is stored whole. */
  readonly storedGroupBytes: bigint;
}

export const OpenStage: MessageType<OpenStage> = messageType(
  "beam2spark/link.proto",
  "beam2spark.link.v1.OpenStage",
);

/** All rows of the task were processed, and all of its outputs were sent. */
export interface StageDone extends Message {
  /** MonitoringInfos of the model. */
  readonly monitoringInfos: readonly Uint8Array[];
}

export const StageDone: MessageType<StageDone> = messageType(
  "beam2spark/link.proto",
  "beam2spark.link.v1.StageDone",
);

export interface StageFailed extends Message {
  /** The code of a diagnostic, or empty where a function of the user's failed. */
  readonly code: string;
  readonly message: string;
  /** The full name of the transform, where it is known. */
  readonly transform: string;
  /** What the user can do about it; empty where there is nothing to do. */
  readonly hint: string;
}

export const StageFailed: MessageType<StageFailed> = messageType(
  "beam2spark/link.proto",
  "beam2spark.link.v1.StageFailed",
);
