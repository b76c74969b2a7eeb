import { z } from "zod";
import {
  DockerPayload as DockerPayloadMessage,
  ExternalPayload as ExternalPayloadMessage,
  ProcessPayload as ProcessPayloadMessage,
} from "../protos/types/environment.js";
import { decodePayload, type PayloadResult } from "./decode-payload.js";
import { nonEmpty } from "./parts.js";

const docker = z.object({ containerImage: nonEmpty });
const process = z.object({
  os: z.string(),
  arch: z.string(),
  command: nonEmpty,
  env: z.map(z.string(), z.string()),
});
const external = z.object({
  endpoint: z.object({ url: nonEmpty }, "is missing").readonly(),
  params: z.map(z.string(), z.string()),
});

/** A checked `DockerPayload`. */
export type DockerPayload = Readonly<z.output<typeof docker>>;
/** A checked `ProcessPayload`. */
export type ProcessPayload = Readonly<z.output<typeof process>>;
/** A checked `ExternalPayload`. */
export type ExternalPayload = Readonly<z.output<typeof external>>;

/** Decodes the payload of `beam:env:docker:v1` (`beam_runner_api.proto`, DockerPayload). */
export function decodeDockerPayload(payload: Uint8Array): PayloadResult<DockerPayload> {
  return decodePayload(DockerPayloadMessage, docker, payload);
}

/** Decodes the payload of `beam:env:process:v1` (`beam_runner_api.proto`, ProcessPayload). */
export function decodeProcessPayload(payload: Uint8Array): PayloadResult<ProcessPayload> {
  return decodePayload(ProcessPayloadMessage, process, payload);
}

/** Decodes the payload of `beam:env:external:v1` (`beam_runner_api.proto`, ExternalPayload). */
export function decodeExternalPayload(payload: Uint8Array): PayloadResult<ExternalPayload> {
  return decodePayload(ExternalPayloadMessage, external, payload);
}
