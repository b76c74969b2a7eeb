// Made from proto/beam/windowing.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { FunctionSpec } from "./function-spec.js";
import type { Duration, Timestamp } from "./google.js";

/**
 * How the elements of a PCollection are put into windows, and when, how often and with which timestamp a
 * grouping over them gives results.
 */
export interface WindowingStrategy extends Message {
  readonly windowFn: FunctionSpec | undefined;
  readonly mergeStatus: MergeStatus;
  readonly windowCoderId: string;
  readonly trigger: Trigger | undefined;
  readonly accumulationMode: AccumulationMode;
  readonly outputTime: OutputTime;
  readonly closingBehavior: ClosingBehavior;
  /** Milliseconds. */
  readonly allowedLateness: bigint;
  readonly onTimeBehavior: OnTimeBehavior;
  readonly assignsToOneWindow: boolean;
  /** Where the window function runs, if it is the user's own. */
  readonly environmentId: string;
}

export const WindowingStrategy: MessageType<WindowingStrategy> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.WindowingStrategy",
);

/** Whether windows still have to be merged per key before a grouping. */
export const MergeStatus = {
  UNSPECIFIED: 0,
  NON_MERGING: 1,
  NEEDS_MERGE: 2,
  ALREADY_MERGED: 3,
} as const;
/** A number of MergeStatus, or one that a later version of the model adds. */
export type MergeStatus = number;

/** What a later firing holds: only what is new, or everything so far. */
export const AccumulationMode = {
  UNSPECIFIED: 0,
  DISCARDING: 1,
  ACCUMULATING: 2,
  RETRACTING: 3,
} as const;
/** A number of AccumulationMode, or one that a later version of the model adds. */
export type AccumulationMode = number;

/** Whether a window gives a last pane even if nothing came since the pane before. */
export const ClosingBehavior = {
  UNSPECIFIED: 0,
  EMIT_ALWAYS: 1,
  EMIT_IF_NONEMPTY: 2,
} as const;
/** A number of ClosingBehavior, or one that a later version of the model adds. */
export type ClosingBehavior = number;

/** Whether a window gives an on-time pane even if it is empty. */
export const OnTimeBehavior = {
  UNSPECIFIED: 0,
  FIRE_ALWAYS: 1,
  FIRE_IF_NONEMPTY: 2,
} as const;
/** A number of OnTimeBehavior, or one that a later version of the model adds. */
export type OnTimeBehavior = number;

/** Which timestamp a grouped result gets. */
export const OutputTime = {
  UNSPECIFIED: 0,
  END_OF_WINDOW: 1,
  LATEST_IN_PANE: 2,
  EARLIEST_IN_PANE: 3,
} as const;
/** A number of OutputTime, or one that a later version of the model adds. */
export type OutputTime = number;

/** The clock that a timer follows. */
export const TimeDomain = {
  UNSPECIFIED: 0,
  EVENT_TIME: 1,
  PROCESSING_TIME: 2,
} as const;
/** A number of TimeDomain, or one that a later version of the model adds. */
export type TimeDomain = number;

/** When a grouping gives results for a window. */
export interface Trigger extends Message {
  /** One of `trigger`. */
  readonly afterAll: TriggerAfterAll | undefined;
  /** One of `trigger`. */
  readonly afterAny: TriggerAfterAny | undefined;
  /** One of `trigger`. */
  readonly afterEach: TriggerAfterEach | undefined;
  /** One of `trigger`. */
  readonly afterEndOfWindow: TriggerAfterEndOfWindow | undefined;
  /** One of `trigger`. */
  readonly afterProcessingTime: TriggerAfterProcessingTime | undefined;
  /** One of `trigger`. */
  readonly afterSynchronizedProcessingTime: TriggerAfterSynchronizedProcessingTime | undefined;
  /** One of `trigger`. */
  readonly default: TriggerDefault | undefined;
  /** One of `trigger`. */
  readonly elementCount: TriggerElementCount | undefined;
  /** One of `trigger`. */
  readonly never: TriggerNever | undefined;
  /** One of `trigger`. */
  readonly orFinally: TriggerOrFinally | undefined;
  /** One of `trigger`. */
  readonly repeat: TriggerRepeat | undefined;
  /** One of `trigger`. */
  readonly always: TriggerAlways | undefined;
}

export const Trigger: MessageType<Trigger> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger",
);

/** Ready once all parts are. */
export interface TriggerAfterAll extends Message {
  readonly subtriggers: readonly Trigger[];
}

export const TriggerAfterAll: MessageType<TriggerAfterAll> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.AfterAll",
);

/** Ready once one part is. */
export interface TriggerAfterAny extends Message {
  readonly subtriggers: readonly Trigger[];
}

export const TriggerAfterAny: MessageType<TriggerAfterAny> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.AfterAny",
);

/** Its parts one after another, each until it finishes. */
export interface TriggerAfterEach extends Message {
  readonly subtriggers: readonly Trigger[];
}

export const TriggerAfterEach: MessageType<TriggerAfterEach> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.AfterEach",
);

/** At the window's end by the watermark, with further firings before and after it where given. */
export interface TriggerAfterEndOfWindow extends Message {
  readonly earlyFirings: Trigger | undefined;
  readonly lateFirings: Trigger | undefined;
}

export const TriggerAfterEndOfWindow: MessageType<TriggerAfterEndOfWindow> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.AfterEndOfWindow",
);

/** By the wall clock, counted from the pane's first element. */
export interface TriggerAfterProcessingTime extends Message {
  readonly timestampTransforms: readonly TimestampTransform[];
}

export const TriggerAfterProcessingTime: MessageType<TriggerAfterProcessingTime> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.AfterProcessingTime",
);

/** By a wall clock that producers and consumers share; only continuation triggers use it. */
export interface TriggerAfterSynchronizedProcessingTime extends Message {}

export const TriggerAfterSynchronizedProcessingTime: MessageType<TriggerAfterSynchronizedProcessingTime> =
  messageType("windowing.proto", "org.apache.beam.model.pipeline.v1.Trigger.AfterSynchronizedProcessingTime");

/** Again and again at and after the end of the window. */
export interface TriggerDefault extends Message {}

export const TriggerDefault: MessageType<TriggerDefault> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.Default",
);

/** Ready once this many elements came. */
export interface TriggerElementCount extends Message {
  readonly elementCount: number;
}

export const TriggerElementCount: MessageType<TriggerElementCount> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.ElementCount",
);

/** Never ready; what is left comes with the last pane, if at all. */
export interface TriggerNever extends Message {}

export const TriggerNever: MessageType<TriggerNever> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.Never",
);

/** Ready at every element. */
export interface TriggerAlways extends Message {}

export const TriggerAlways: MessageType<TriggerAlways> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.Always",
);

/** Follows `main` until `finally` is ready, which fires and ends it. */
export interface TriggerOrFinally extends Message {
  readonly main: Trigger | undefined;
  readonly finally: Trigger | undefined;
}

export const TriggerOrFinally: MessageType<TriggerOrFinally> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.OrFinally",
);

/** Starts over each time the part finishes. */
export interface TriggerRepeat extends Message {
  readonly subtrigger: Trigger | undefined;
}

export const TriggerRepeat: MessageType<TriggerRepeat> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.Trigger.Repeat",
);

/** One step from the time of a pane's first element to the time of a processing-time firing. */
export interface TimestampTransform extends Message {
  /** One of `timestampTransform`. */
  readonly delay: TimestampTransformDelay | undefined;
  /** One of `timestampTransform`. */
  readonly alignTo: TimestampTransformAlignTo | undefined;
}

export const TimestampTransform: MessageType<TimestampTransform> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.TimestampTransform",
);

/** Later by so much. */
export interface TimestampTransformDelay extends Message {
  readonly delayMillis: bigint;
}

export const TimestampTransformDelay: MessageType<TimestampTransformDelay> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.TimestampTransform.Delay",
);

/** Up to the next multiple of `period` (milliseconds) counted from `offset`. */
export interface TimestampTransformAlignTo extends Message {
  readonly period: bigint;
  readonly offset: bigint;
}

export const TimestampTransformAlignTo: MessageType<TimestampTransformAlignTo> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.TimestampTransform.AlignTo",
);

/** `beam:window_fn:global_windows:v1`. */
export interface GlobalWindowsPayload extends Message {}

export const GlobalWindowsPayload: MessageType<GlobalWindowsPayload> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.GlobalWindowsPayload",
);

/** `beam:window_fn:fixed_windows:v1`. */
export interface FixedWindowsPayload extends Message {
  readonly size: Duration | undefined;
  readonly offset: Timestamp | undefined;
}

export const FixedWindowsPayload: MessageType<FixedWindowsPayload> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.FixedWindowsPayload",
);

/** `beam:window_fn:sliding_windows:v1`. */
export interface SlidingWindowsPayload extends Message {
  readonly size: Duration | undefined;
  readonly offset: Timestamp | undefined;
  readonly period: Duration | undefined;
}

export const SlidingWindowsPayload: MessageType<SlidingWindowsPayload> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.SlidingWindowsPayload",
);

/** `beam:window_fn:session_windows:v1`. */
export interface SessionWindowsPayload extends Message {
  readonly gapSize: Duration | undefined;
}

export const SessionWindowsPayload: MessageType<SessionWindowsPayload> = messageType(
  "windowing.proto",
  "org.apache.beam.model.pipeline.v1.SessionWindowsPayload",
);
