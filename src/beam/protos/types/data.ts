// Made from proto/beam/data.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";

export interface Elements extends Message {
  readonly data: readonly ElementsData[];
  readonly timers: readonly ElementsTimers[];
}

export const Elements: MessageType<Elements> = messageType(
  "data.proto",
  "org.apache.beam.model.fn_execution.v1.Elements",
);

/**
 * Encoded windowed values, one after the other. The last message of a bundle's input or output says so; it
 * may be empty.
 */
export interface ElementsData extends Message {
  readonly instructionId: string;
  readonly transformId: string;
  readonly data: Uint8Array;
  readonly isLast: boolean;
}

export const ElementsData: MessageType<ElementsData> = messageType(
  "data.proto",
  "org.apache.beam.model.fn_execution.v1.Elements.Data",
);

/** Encoded timers of one family. */
export interface ElementsTimers extends Message {
  readonly instructionId: string;
  readonly transformId: string;
  readonly timerFamilyId: string;
  readonly timers: Uint8Array;
  readonly isLast: boolean;
}

export const ElementsTimers: MessageType<ElementsTimers> = messageType(
  "data.proto",
  "org.apache.beam.model.fn_execution.v1.Elements.Timers",
);
