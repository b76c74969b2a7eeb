import protobuf from "protobufjs";
import type { ArtifactInformation, EnvironmentArtifacts } from "./environment-artifacts.js";
import type { PreparedPipeline } from "./job.js";
import { type JobApi, messageNames } from "./job-api.js";
import { type Struct, structToJson } from "./struct-json.js";

interface Pipeline {
  readonly components?: {
    readonly environments?: Readonly<Record<string, { readonly dependencies?: ArtifactInformation[] }>>;
  };
}

const fields = { pipeline: 1, options: 2, name: 3 } as const;
const lengthDelimited = 2;

/**
 * Takes a `PrepareJobRequest` apart; the pipeline's bytes stay the very ones that the client sent.
 *
 * Errors: a RangeError or Error of the proto reader where the bytes are no such message.
 */
export function readPrepareRequest(bytes: Uint8Array, api: JobApi): PreparedPipeline {
  const parts = { pipeline: [] as Uint8Array[], options: [] as Uint8Array[], name: "" };
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = tag >>> 3;
    if ((tag & 7) !== lengthDelimited) reader.skipType(tag & 7);
    else if (field === fields.pipeline) parts.pipeline.push(reader.bytes());
    else if (field === fields.options) parts.options.push(reader.bytes());
    else if (field === fields.name) parts.name = reader.string();
    else reader.skipType(lengthDelimited);
  }
  // A message field that comes in pieces is the merge of them, which is what their concatenation decodes to.
  const pipeline = Buffer.concat(parts.pipeline);
  return {
    name: parts.name,
    pipeline,
    options: structToJson(api.decode<Struct>(messageNames.struct, Buffer.concat(parts.options))),
    environments: listEnvironmentArtifacts(api.decode<Pipeline>(messageNames.pipeline, pipeline)),
  };
}

/** A `GetJobPipelineResponse` around a pipeline's bytes. */
export function writePipelineResponse(pipeline: Uint8Array): Buffer {
  const tag = (fields.pipeline << 3) | lengthDelimited;
  return protobuf.Writer.create().uint32(tag).bytes(pipeline).finish() as Buffer;
}

function listEnvironmentArtifacts({ components }: Pipeline): EnvironmentArtifacts[] {
  return Object.entries(components?.environments ?? {})
    .map(([environment, { dependencies = [] }]) => ({ environment, dependencies }))
    .filter(({ dependencies }) => dependencies.length > 0);
}
