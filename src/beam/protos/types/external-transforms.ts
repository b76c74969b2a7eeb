// Made from proto/beam/external-transforms.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { Schema } from "./schema.js";

/** A configuration as one encoded row. */
export interface ExternalConfigurationPayload extends Message {
  readonly schema: Schema | undefined;
  readonly payload: Uint8Array;
}

export const ExternalConfigurationPayload: MessageType<ExternalConfigurationPayload> = messageType(
  "external-transforms.proto",
  "org.apache.beam.model.pipeline.v1.ExternalConfigurationPayload",
);

/**
 * `beam:expansion:payload:java_class_lookup:v1`: a Java class by name, how to construct it, and the builder
 * calls after that.
 */
export interface JavaClassLookupPayload extends Message {
  readonly className: string;
  readonly constructorMethod: string;
  readonly constructorSchema: Schema | undefined;
  readonly constructorPayload: Uint8Array;
  readonly builderMethods: readonly BuilderMethod[];
}

export const JavaClassLookupPayload: MessageType<JavaClassLookupPayload> = messageType(
  "external-transforms.proto",
  "org.apache.beam.model.pipeline.v1.JavaClassLookupPayload",
);

/** One builder call, with its arguments as one encoded row. */
export interface BuilderMethod extends Message {
  readonly name: string;
  readonly schema: Schema | undefined;
  readonly payload: Uint8Array;
}

export const BuilderMethod: MessageType<BuilderMethod> = messageType(
  "external-transforms.proto",
  "org.apache.beam.model.pipeline.v1.BuilderMethod",
);

/**
 * `beam:expansion:payload:schematransform:v1`: a transform by identifier, with its configuration as one
 * encoded row.
 */
export interface SchemaTransformPayload extends Message {
  readonly identifier: string;
  readonly configurationSchema: Schema | undefined;
  readonly configurationRow: Uint8Array;
}

export const SchemaTransformPayload: MessageType<SchemaTransformPayload> = messageType(
  "external-transforms.proto",
  "org.apache.beam.model.pipeline.v1.SchemaTransformPayload",
);
