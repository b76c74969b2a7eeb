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
  /** What names the rows of each of the stage's side inputs within the job, in the order of the stage's JSON. */
  readonly sideInputs: readonly string[];
  /** A worker that answers nothing for so long is taken for hung; 0 for what is usual. */
  readonly workerSilenceSeconds: bigint;
  /** A worker that hasn't connected for so long is given up, whatever its start waits for; 0 for what is usual. */
  readonly workerStartSeconds: bigint;
}

export const OpenStage: MessageType<OpenStage> = messageType(
  "beam2spark/link.proto",
  "beam2spark.link.v1.OpenStage",
);

/** From the host: it does not have a side input of the stage yet. The task sends it before it sends any rows. */
export interface SideInputWanted extends Message {
  /** Which of the stage's side inputs. */
  readonly index: number;
}

export const SideInputWanted: MessageType<SideInputWanted> = messageType(
  "beam2spark/link.proto",
  "beam2spark.link.v1.SideInputWanted",
);

/** Where the rows of the side input lie that was wanted, where they are too many to be sent. */
export interface SideInputFiles extends Message {
  /** Paths on this machine, in the order in which the rows are read. */
  readonly paths: readonly string[];
  /** Of each path: its keys are those whose hash leaves this remainder by bucket_count. Empty where none is looked up. */
  readonly buckets: readonly number[];
  readonly bucketCount: number;
}

export const SideInputFiles: MessageType<SideInputFiles> = messageType(
  "beam2spark/link.proto",
  "beam2spark.link.v1.SideInputFiles",
);

/** From the host: what a function has logged. */
export interface LogMessage extends Message {
  /** As Beam's job service has it: error, warning, basic, detailed or debug. */
  readonly importance: string;
  readonly text: string;
  /** The full name of the transform, where it is known. */
  readonly transform: string;
  /** The thread's name in the worker. */
  readonly thread: string;
}

export const LogMessage: MessageType<LogMessage> = messageType(
  "beam2spark/link.proto",
  "beam2spark.link.v1.LogMessage",
);

/** From the task: memory that the host may open, for rows to go through (src/fnhost/link/shared-rows.ts). */
export interface SharedMemory extends Message {
  /** Who has it open, and as which file. */
  readonly process: number;
  readonly fileDescriptor: number;
  /** What it begins with. */
  readonly token: Uint8Array;
  /** How many slots there are for rows to the host, and of what size. */
  readonly hostSlots: number;
  readonly hostSlotBytes: number;
  /** The same of slots for rows to the task, which follow those. */
  readonly taskSlots: number;
  readonly taskSlotBytes: number;
}

export const SharedMemory: MessageType<SharedMemory> = messageType(
  "beam2spark/link.proto",
  "beam2spark.link.v1.SharedMemory",
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
  /** The traceback of a function of the user's, from where it was called. */
  readonly trace: string;
}

export const StageFailed: MessageType<StageFailed> = messageType(
  "beam2spark/link.proto",
  "beam2spark.link.v1.StageFailed",
);
