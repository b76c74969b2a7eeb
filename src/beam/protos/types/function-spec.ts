// Made from proto/beam/function-spec.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";

/**
 * A function, source, coder or window function: what it is (the URN) and what it is made of (the payload,
 * read as the URN says).
 */
export interface FunctionSpec extends Message {
  readonly urn: string;
  readonly payload: Uint8Array;
}

export const FunctionSpec: MessageType<FunctionSpec> = messageType(
  "function-spec.proto",
  "org.apache.beam.model.pipeline.v1.FunctionSpec",
);

/**
 * One thing that a transform, PCollection, environment or pipeline tells people about itself. The URN says
 * how to read the payload.
 */
export interface DisplayData extends Message {
  readonly urn: string;
  readonly payload: Uint8Array;
}

export const DisplayData: MessageType<DisplayData> = messageType(
  "function-spec.proto",
  "org.apache.beam.model.pipeline.v1.DisplayData",
);

/** The payload of `beam:display_data:labelled:v1`: one value with its label. */
export interface LabelledPayload extends Message {
  readonly label: string;
  /** One of `value`. */
  readonly stringValue: string | undefined;
  /** One of `value`. */
  readonly boolValue: boolean | undefined;
  /** One of `value`. */
  readonly doubleValue: number | undefined;
  /** One of `value`. */
  readonly intValue: bigint | undefined;
  /** How programs name the value; the label is how people do. */
  readonly key: string;
  readonly namespace: string;
}

export const LabelledPayload: MessageType<LabelledPayload> = messageType(
  "function-spec.proto",
  "org.apache.beam.model.pipeline.v1.LabelledPayload",
);
