// Made from proto/beam/schema.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { FunctionSpec } from "./function-spec.js";

/** The fields of a row, in encoding order. */
export interface Schema extends Message {
  readonly fields: readonly Field[];
  readonly id: string;
  readonly options: readonly Option[];
  /** Says that the fields' encoding positions count, even where all of them are 0. */
  readonly encodingPositionsSet: boolean;
}

export const Schema: MessageType<Schema> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.Schema",
);

export interface Field extends Message {
  readonly name: string;
  readonly description: string;
  readonly type: FieldType | undefined;
  readonly id: number;
  readonly encodingPosition: number;
  readonly options: readonly Option[];
}

export const Field: MessageType<Field> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.Field",
);

/** The type of a field or of a part of one. */
export interface FieldType extends Message {
  readonly nullable: boolean;
  /** One of `typeInfo`. */
  readonly atomicType: AtomicType | undefined;
  /** One of `typeInfo`. */
  readonly arrayType: ArrayType | undefined;
  /** One of `typeInfo`. */
  readonly iterableType: IterableType | undefined;
  /** One of `typeInfo`. */
  readonly mapType: MapType | undefined;
  /** One of `typeInfo`. */
  readonly rowType: RowType | undefined;
  /** One of `typeInfo`. */
  readonly logicalType: LogicalType | undefined;
}

export const FieldType: MessageType<FieldType> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.FieldType",
);

/** Types without parts. */
export const AtomicType = {
  UNSPECIFIED: 0,
  BYTE: 1,
  INT16: 2,
  INT32: 3,
  INT64: 4,
  FLOAT: 5,
  DOUBLE: 6,
  STRING: 7,
  BOOLEAN: 8,
  BYTES: 9,
} as const;
/** A number of AtomicType, or one that a later version of the model adds. */
export type AtomicType = number;

export interface ArrayType extends Message {
  readonly elementType: FieldType | undefined;
}

export const ArrayType: MessageType<ArrayType> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.ArrayType",
);

export interface IterableType extends Message {
  readonly elementType: FieldType | undefined;
}

export const IterableType: MessageType<IterableType> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.IterableType",
);

export interface MapType extends Message {
  readonly keyType: FieldType | undefined;
  readonly valueType: FieldType | undefined;
}

export const MapType: MessageType<MapType> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.MapType",
);

export interface RowType extends Message {
  readonly schema: Schema | undefined;
}

export const RowType: MessageType<RowType> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.RowType",
);

/** A type that means more than its representation, by URN, perhaps with an argument. */
export interface LogicalType extends Message {
  readonly urn: string;
  readonly payload: Uint8Array;
  readonly representation: FieldType | undefined;
  readonly argumentType: FieldType | undefined;
  readonly argument: FieldValue | undefined;
}

export const LogicalType: MessageType<LogicalType> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.LogicalType",
);

/** A named value that a schema or a field carries along. */
export interface Option extends Message {
  readonly name: string;
  readonly type: FieldType | undefined;
  readonly value: FieldValue | undefined;
}

export const Option: MessageType<Option> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.Option",
);

/** A row's values, in the order of its schema. */
export interface Row extends Message {
  readonly values: readonly FieldValue[];
}

export const Row: MessageType<Row> = messageType("schema.proto", "org.apache.beam.model.pipeline.v1.Row");

/** A value of a field; none set means null. */
export interface FieldValue extends Message {
  /** One of `fieldValue`. */
  readonly atomicValue: AtomicTypeValue | undefined;
  /** One of `fieldValue`. */
  readonly arrayValue: ArrayTypeValue | undefined;
  /** One of `fieldValue`. */
  readonly iterableValue: IterableTypeValue | undefined;
  /** One of `fieldValue`. */
  readonly mapValue: MapTypeValue | undefined;
  /** One of `fieldValue`. */
  readonly rowValue: Row | undefined;
  /** One of `fieldValue`. */
  readonly logicalTypeValue: LogicalTypeValue | undefined;
}

export const FieldValue: MessageType<FieldValue> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.FieldValue",
);

export interface AtomicTypeValue extends Message {
  /** One of `value`. */
  readonly byte: number | undefined;
  /** One of `value`. */
  readonly int16: number | undefined;
  /** One of `value`. */
  readonly int32: number | undefined;
  /** One of `value`. */
  readonly int64: bigint | undefined;
  /** One of `value`. */
  readonly float: number | undefined;
  /** One of `value`. */
  readonly double: number | undefined;
  /** One of `value`. */
  readonly string: string | undefined;
  /** One of `value`. */
  readonly boolean: boolean | undefined;
  /** One of `value`. */
  readonly bytes: Uint8Array | undefined;
}

export const AtomicTypeValue: MessageType<AtomicTypeValue> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.AtomicTypeValue",
);

export interface ArrayTypeValue extends Message {
  readonly element: readonly FieldValue[];
}

export const ArrayTypeValue: MessageType<ArrayTypeValue> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.ArrayTypeValue",
);

export interface IterableTypeValue extends Message {
  readonly element: readonly FieldValue[];
}

export const IterableTypeValue: MessageType<IterableTypeValue> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.IterableTypeValue",
);

export interface MapTypeValue extends Message {
  readonly entries: readonly MapTypeEntry[];
}

export const MapTypeValue: MessageType<MapTypeValue> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.MapTypeValue",
);

export interface MapTypeEntry extends Message {
  readonly key: FieldValue | undefined;
  readonly value: FieldValue | undefined;
}

export const MapTypeEntry: MessageType<MapTypeEntry> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.MapTypeEntry",
);

export interface LogicalTypeValue extends Message {
  readonly value: FieldValue | undefined;
}

export const LogicalTypeValue: MessageType<LogicalTypeValue> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.LogicalTypeValue",
);

/** `beam:coder:schema:v1`: a row coder whose SDK turns rows into its own types. */
export interface SchemaCoderPayload extends Message {
  readonly schema: Schema | undefined;
  readonly toRowFn: FunctionSpec | undefined;
  readonly fromRowFn: FunctionSpec | undefined;
  readonly additionalCoderInfos: readonly SchemaCoderPayloadAdditionalCoderInfo[];
}

export const SchemaCoderPayload: MessageType<SchemaCoderPayload> = messageType(
  "schema.proto",
  "org.apache.beam.model.pipeline.v1.SchemaCoderPayload",
);

/** The SDK's own conversion, for SDKs that know it. */
export interface SchemaCoderPayloadAdditionalCoderInfo extends Message {
  readonly urn: string;
  readonly payload: Uint8Array;
}

export const SchemaCoderPayloadAdditionalCoderInfo: MessageType<SchemaCoderPayloadAdditionalCoderInfo> =
  messageType("schema.proto", "org.apache.beam.model.pipeline.v1.SchemaCoderPayload.AdditionalCoderInfo");
