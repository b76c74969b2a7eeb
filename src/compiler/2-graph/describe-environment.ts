import {
  DockerPayload,
  type Environment,
  ExternalPayload,
  ProcessPayload,
} from "../../beam/protos/types/environment.js";
import { readSdk } from "../../beam/recognise/read-sdk.js";
import { URN } from "../../beam/urns.js";
import type { EnvironmentNode } from "./graph.js";

const hintUrn = /^beam:resources:(.*):v1$/;

/** What the compiler needs to know of an environment: its language and versions, and a name for people. */
export function describeEnvironment(id: string, environment: Environment): EnvironmentNode {
  const sdk = readSdk(environment);
  return {
    id,
    urn: environment.urn,
    description: describePayload(environment),
    language: sdk.language,
    sdkVersion: sdk.version,
    pythonVersion: sdk.pythonVersion,
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
