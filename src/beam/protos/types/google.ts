// Made from google/protobuf/duration.proto, google/protobuf/struct.proto, google/protobuf/timestamp.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";

export interface Duration extends Message {
  readonly seconds: bigint;
  readonly nanos: number;
}

export const Duration: MessageType<Duration> = messageType(
  "google/protobuf/duration.proto",
  "google.protobuf.Duration",
);

export interface Struct extends Message {
  readonly fields: ReadonlyMap<string, Value>;
}

export const Struct: MessageType<Struct> = messageType(
  "google/protobuf/struct.proto",
  "google.protobuf.Struct",
);

export interface Value extends Message {
  /** One of `kind`. */
  readonly nullValue: NullValue | undefined;
  /** One of `kind`. */
  readonly numberValue: number | undefined;
  /** One of `kind`. */
  readonly stringValue: string | undefined;
  /** One of `kind`. */
  readonly boolValue: boolean | undefined;
  /** One of `kind`. */
  readonly structValue: Struct | undefined;
  /** One of `kind`. */
  readonly listValue: ListValue | undefined;
}

export const Value: MessageType<Value> = messageType("google/protobuf/struct.proto", "google.protobuf.Value");

export const NullValue = {
  NULL_VALUE: 0,
} as const;
/** A number of NullValue, or one that a later version of the model adds. */
export type NullValue = number;

export interface ListValue extends Message {
  readonly values: readonly Value[];
}

export const ListValue: MessageType<ListValue> = messageType(
  "google/protobuf/struct.proto",
  "google.protobuf.ListValue",
);

export interface Timestamp extends Message {
  readonly seconds: bigint;
  readonly nanos: number;
}

export const Timestamp: MessageType<Timestamp> = messageType(
  "google/protobuf/timestamp.proto",
  "google.protobuf.Timestamp",
);
