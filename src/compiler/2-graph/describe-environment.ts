import {
  DockerPayload,
  type Environment,
  ExternalPayload,
  ProcessPayload,
} from "../../beam/protos/types/environment.js";
import { URN } from "../../beam/urns.js";
import type { EnvironmentNode } from "./graph.js";

/** An SDK's own word for its version (`beam_runner_api.proto`, StandardProtocols; Python: sdk_base_version). */
const sdkBase = /^beam:version:sdk_base:(.*)$/;
const hintUrn = /^beam:resources:(.*):v1$/;
const imageVersion = /beam_(python(\d+\.\d+)|java\d*|go)_sdk:([\w.]+)$/;

/** What the compiler needs to know of an environment: its language and versions, and a name for people. */
export function describeEnvironment(id: string, environment: Environment): EnvironmentNode {
  const image = environment.capabilities
    .map((capability) => sdkBase.exec(capability)?.[1])
    .find((found) => found);
  const matched = imageVersion.exec(image ?? "");
  const version = matched?.[3] ?? null;
  return {
    id,
    urn: environment.urn,
    description: describePayload(environment),
    language: languageOf(matched?.[1] ?? "", environment),
    sdkVersion: version,
    pythonVersion: matched?.[2] ?? null,
    resourceHints: describeHints(environment),
  };
}

/** `beam_runner_api.proto`, StandardResourceHints: values are text. One that isn't is shown as well as it can be. */
function describeHints(environment: Environment): readonly string[] {
  const decoder = new TextDecoder();
  return [...environment.resourceHints]
    .map(([urn, value]) => `${hintUrn.exec(urn)?.[1] ?? urn} ${decoder.decode(value)}`)
    .sort();
}

function languageOf(image: string, environment: Environment): EnvironmentNode["language"] {
  if (image.startsWith("python")) return "python";
  if (image.startsWith("java")) return "java";
  if (image.startsWith("go")) return "go";
  // Older SDKs have no version capability; only Python's can run packed combines.
  return environment.capabilities.includes("beam:combinefn:packed_python:v1") ? "python" : "other";
}

function describePayload(environment: Environment): string {
  switch (environment.urn) {
    case URN.environmentDocker:
      return DockerPayload.decode(environment.payload).containerImage;
    case URN.environmentProcess:
      return ProcessPayload.decode(environment.payload).command;
    case URN.environmentExternal:
      return ExternalPayload.decode(environment.payload).endpoint?.url ?? environment.urn;
    default:
      return environment.urn;
  }
}
