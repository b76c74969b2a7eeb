import { join } from "node:path";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import protobuf from "protobufjs";
import { findPackageRoot } from "../package-root.js";

const jobManagement = "org.apache.beam.model.job_management.v1";

/** Messages whose bytes pass as they are, in either direction, so that nothing is lost in a second encoding. */
const rawMessages: ReadonlySet<string> = new Set([
  `.${jobManagement}.PrepareJobRequest`,
  `.${jobManagement}.GetJobPipelineResponse`,
]);

/** The Job service's protos, loaded. */
export interface JobApi {
  readonly jobService: ServiceDefinition;
  readonly artifactStagingService: ServiceDefinition;
  /** Decodes a message of any of the loaded packages, given its full name. */
  decode<T>(name: string, bytes: Uint8Array): T;
}

/** Full names of the messages that are decoded by hand. */
export const messageNames = {
  pipeline: "org.apache.beam.model.pipeline.v1.Pipeline",
  struct: "google.protobuf.Struct",
  artifactFilePayload: "org.apache.beam.model.pipeline.v1.ArtifactFilePayload",
  artifactUrlPayload: "org.apache.beam.model.pipeline.v1.ArtifactUrlPayload",
  artifactStagingToRolePayload: "org.apache.beam.model.pipeline.v1.ArtifactStagingToRolePayload",
} as const;

/** Loads the protos of the Job service and of artifact staging, and makes gRPC definitions of their services. */
export function loadJobApi(): JobApi {
  const folder = join(findPackageRoot(), "proto", "beam");
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (target.startsWith("google/") ? target : join(folder, target));
  root.loadSync(["job.proto", "artifact.proto"]);
  root.resolveAll();
  return {
    jobService: defineService(root.lookupService(`${jobManagement}.JobService`)),
    artifactStagingService: defineService(root.lookupService(`${jobManagement}.ArtifactStagingService`)),
    decode: <T>(name: string, bytes: Uint8Array) => root.lookupType(name).decode(bytes) as T,
  };
}

function defineService(service: protobuf.Service): ServiceDefinition {
  const methods: Record<string, MethodDefinition<object, object>> = {};
  for (const method of service.methodsArray) {
    const request = defineCodec(method.resolvedRequestType);
    const response = defineCodec(method.resolvedResponseType);
    methods[method.name] = {
      path: `/${service.fullName.slice(1)}/${method.name}`,
      requestStream: method.requestStream === true,
      responseStream: method.responseStream === true,
      requestSerialize: request.serialize,
      requestDeserialize: request.deserialize,
      responseSerialize: response.serialize,
      responseDeserialize: response.deserialize,
    };
  }
  return methods;
}

interface Codec {
  readonly serialize: (message: object) => Buffer;
  readonly deserialize: (bytes: Buffer) => object;
}

function defineCodec(type: protobuf.Type | null): Codec {
  if (type === null) throw new Error("a service was not resolved");
  if (rawMessages.has(type.fullName)) {
    return { serialize: (message) => message as Buffer, deserialize: (bytes) => bytes };
  }
  return {
    serialize: (message) => type.encode(message).finish() as Buffer,
    deserialize: (bytes) => type.decode(bytes),
  };
}
