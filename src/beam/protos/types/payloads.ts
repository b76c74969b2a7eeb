// Made from proto/beam/payloads.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { ApiServiceDescriptor } from "./endpoints.js";
import type { FunctionSpec } from "./function-spec.js";
import type { IsBounded } from "./pipeline.js";
import type { TimeDomain } from "./windowing.js";

/** `beam:transform:pardo:v1` and the splittable forms that runners make of it. */
export interface ParDoPayload extends Message {
  readonly doFn: FunctionSpec | undefined;
  readonly sideInputs: ReadonlyMap<string, SideInput>;
  readonly stateSpecs: ReadonlyMap<string, StateSpec>;
  /** Not empty exactly for a splittable function. */
  readonly restrictionCoderId: string;
  readonly requestsFinalization: boolean;
  readonly timerFamilySpecs: ReadonlyMap<string, TimerFamilySpec>;
  readonly requiresTimeSortedInput: boolean;
  readonly requiresStableInput: boolean;
  readonly onWindowExpirationTimerFamilySpec: string;
}

export const ParDoPayload: MessageType<ParDoPayload> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.ParDoPayload",
);

/**
 * How a function reads a whole PCollection: the runner's access pattern, then the SDK's view over it and its
 * mapping of main windows to side windows.
 */
export interface SideInput extends Message {
  readonly accessPattern: FunctionSpec | undefined;
  readonly viewFn: FunctionSpec | undefined;
  readonly windowMappingFn: FunctionSpec | undefined;
}

export const SideInput: MessageType<SideInput> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.SideInput",
);

/**
 * One cell of a stateful function's state. What SDKs offer beyond bags, multimaps and ordered lists they
 * build from these.
 */
export interface StateSpec extends Message {
  /** One of `spec`. */
  readonly readModifyWriteSpec: ReadModifyWriteStateSpec | undefined;
  /** One of `spec`. */
  readonly bagSpec: BagStateSpec | undefined;
  /** One of `spec`. */
  readonly combiningSpec: CombiningStateSpec | undefined;
  /** One of `spec`. */
  readonly mapSpec: MapStateSpec | undefined;
  /** One of `spec`. */
  readonly setSpec: SetStateSpec | undefined;
  /** One of `spec`. */
  readonly orderedListSpec: OrderedListStateSpec | undefined;
  readonly protocol: FunctionSpec | undefined;
  /** One of `spec`. */
  readonly multimapSpec: MultimapStateSpec | undefined;
}

export const StateSpec: MessageType<StateSpec> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.StateSpec",
);

/** A single value. */
export interface ReadModifyWriteStateSpec extends Message {
  readonly coderId: string;
}

export const ReadModifyWriteStateSpec: MessageType<ReadModifyWriteStateSpec> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.ReadModifyWriteStateSpec",
);

/** Values in no order. */
export interface BagStateSpec extends Message {
  readonly elementCoderId: string;
}

export const BagStateSpec: MessageType<BagStateSpec> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.BagStateSpec",
);

/** Values in the order of their timestamps. */
export interface OrderedListStateSpec extends Message {
  readonly elementCoderId: string;
}

export const OrderedListStateSpec: MessageType<OrderedListStateSpec> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.OrderedListStateSpec",
);

/** An accumulator. */
export interface CombiningStateSpec extends Message {
  readonly accumulatorCoderId: string;
  readonly combineFn: FunctionSpec | undefined;
}

export const CombiningStateSpec: MessageType<CombiningStateSpec> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.CombiningStateSpec",
);

/** One value per key. */
export interface MapStateSpec extends Message {
  readonly keyCoderId: string;
  readonly valueCoderId: string;
}

export const MapStateSpec: MessageType<MapStateSpec> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.MapStateSpec",
);

/** Many values per key. */
export interface MultimapStateSpec extends Message {
  readonly keyCoderId: string;
  readonly valueCoderId: string;
}

export const MultimapStateSpec: MessageType<MultimapStateSpec> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.MultimapStateSpec",
);

/** Values without duplicates. */
export interface SetStateSpec extends Message {
  readonly elementCoderId: string;
}

export const SetStateSpec: MessageType<SetStateSpec> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.SetStateSpec",
);

/** Timers of one name, told apart by their dynamic tags. */
export interface TimerFamilySpec extends Message {
  readonly timeDomain: TimeDomain;
  readonly timerFamilyCoderId: string;
}

export const TimerFamilySpec: MessageType<TimerFamilySpec> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.TimerFamilySpec",
);

/**
 * `beam:transform:read:v1`, superseded by splittable functions, still written as a composite by the Python
 * SDK.
 */
export interface ReadPayload extends Message {
  readonly source: FunctionSpec | undefined;
  readonly isBounded: IsBounded;
}

export const ReadPayload: MessageType<ReadPayload> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.ReadPayload",
);

/** `beam:transform:window_into:v1`. */
export interface WindowIntoPayload extends Message {
  readonly windowFn: FunctionSpec | undefined;
}

export const WindowIntoPayload: MessageType<WindowIntoPayload> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.WindowIntoPayload",
);

/** The combine composites and the parts of a lifted one. */
export interface CombinePayload extends Message {
  readonly combineFn: FunctionSpec | undefined;
  readonly accumulatorCoderId: string;
}

export const CombinePayload: MessageType<CombinePayload> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.CombinePayload",
);

/** `beam:transform:group_into_batches:v1` and its sharded form. */
export interface GroupIntoBatchesPayload extends Message {
  readonly batchSize: bigint;
  readonly maxBufferingDurationMillis: bigint;
  readonly batchSizeBytes: bigint;
}

export const GroupIntoBatchesPayload: MessageType<GroupIntoBatchesPayload> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.GroupIntoBatchesPayload",
);

/** `beam:transform:redistribute_by_key:v1` and `beam:transform:redistribute_arbitrarily:v1`. */
export interface RedistributePayload extends Message {
  readonly allowDuplicates: boolean;
}

export const RedistributePayload: MessageType<RedistributePayload> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.RedistributePayload",
);

/** `beam:transform:write_files:v1`. */
export interface WriteFilesPayload extends Message {
  readonly sink: FunctionSpec | undefined;
  readonly formatFunction: FunctionSpec | undefined;
  readonly windowedWrites: boolean;
  readonly runnerDeterminedSharding: boolean;
  readonly sideInputs: ReadonlyMap<string, SideInput>;
  readonly autoSharded: boolean;
}

export const WriteFilesPayload: MessageType<WriteFilesPayload> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.WriteFilesPayload",
);

/** `beam:transform:pubsub_read:v1`. */
export interface PubSubReadPayload extends Message {
  readonly topic: string;
  readonly subscription: string;
  readonly timestampAttribute: string;
  readonly idAttribute: string;
  readonly withAttributes: boolean;
  readonly topicRuntimeOverridden: string;
  readonly subscriptionRuntimeOverridden: string;
}

export const PubSubReadPayload: MessageType<PubSubReadPayload> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.PubSubReadPayload",
);

/** `beam:transform:pubsub_write:v1` and its second version. */
export interface PubSubWritePayload extends Message {
  readonly topic: string;
  readonly timestampAttribute: string;
  readonly idAttribute: string;
  readonly topicRuntimeOverridden: string;
}

export const PubSubWritePayload: MessageType<PubSubWritePayload> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.PubSubWritePayload",
);

/** `beam:transform:teststream:v1`: a root whose elements and clocks are a script. */
export interface TestStreamPayload extends Message {
  readonly coderId: string;
  readonly events: readonly TestStreamPayloadEvent[];
  readonly endpoint: ApiServiceDescriptor | undefined;
}

export const TestStreamPayload: MessageType<TestStreamPayload> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.TestStreamPayload",
);

/** One line of the script. */
export interface TestStreamPayloadEvent extends Message {
  /** One of `event`. */
  readonly watermarkEvent: TestStreamPayloadEventAdvanceWatermark | undefined;
  /** One of `event`. */
  readonly processingTimeEvent: TestStreamPayloadEventAdvanceProcessingTime | undefined;
  /** One of `event`. */
  readonly elementEvent: TestStreamPayloadEventAddElements | undefined;
}

export const TestStreamPayloadEvent: MessageType<TestStreamPayloadEvent> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.TestStreamPayload.Event",
);

/** Milliseconds since the epoch. */
export interface TestStreamPayloadEventAdvanceWatermark extends Message {
  readonly newWatermark: bigint;
  readonly tag: string;
}

export const TestStreamPayloadEventAdvanceWatermark: MessageType<TestStreamPayloadEventAdvanceWatermark> =
  messageType("payloads.proto", "org.apache.beam.model.pipeline.v1.TestStreamPayload.Event.AdvanceWatermark");

/** Milliseconds from now. */
export interface TestStreamPayloadEventAdvanceProcessingTime extends Message {
  readonly advanceDuration: bigint;
}

export const TestStreamPayloadEventAdvanceProcessingTime: MessageType<TestStreamPayloadEventAdvanceProcessingTime> =
  messageType(
    "payloads.proto",
    "org.apache.beam.model.pipeline.v1.TestStreamPayload.Event.AdvanceProcessingTime",
  );

export interface TestStreamPayloadEventAddElements extends Message {
  readonly elements: readonly TestStreamPayloadTimestampedElement[];
  readonly tag: string;
}

export const TestStreamPayloadEventAddElements: MessageType<TestStreamPayloadEventAddElements> = messageType(
  "payloads.proto",
  "org.apache.beam.model.pipeline.v1.TestStreamPayload.Event.AddElements",
);

export interface TestStreamPayloadTimestampedElement extends Message {
  readonly encodedElement: Uint8Array;
  readonly timestamp: bigint;
}

export const TestStreamPayloadTimestampedElement: MessageType<TestStreamPayloadTimestampedElement> =
  messageType("payloads.proto", "org.apache.beam.model.pipeline.v1.TestStreamPayload.TimestampedElement");
