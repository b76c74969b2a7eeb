import { PrepareJobRequest } from "../beam/protos/types/job.js";
import type { Pipeline } from "../beam/protos/types/pipeline.js";
import { WireReader, WireType } from "../beam/protos/wire-reader.js";
import { structToJson } from "../beam/struct-json.js";
import type { EnvironmentArtifacts } from "./environment-artifacts.js";
import type { PreparedPipeline } from "./job.js";

const pipelineTag = (1 << 3) | WireType.delimited;

/**
 * Takes a `PrepareJobRequest` apart; the pipeline's bytes stay the very ones that the client sent.
 *
 * Errors: a MalformedMessageError where the bytes are no such message.
 */
export function readPrepareRequest(bytes: Uint8Array): PreparedPipeline {
  const { jobName, pipelineOptions, pipeline } = PrepareJobRequest.decode(bytes);
  return {
    name: jobName,
    pipeline: readPipelineBytes(bytes),
    options: pipelineOptions === undefined ? {} : structToJson(pipelineOptions),
    environments: listEnvironmentArtifacts(pipeline),
  };
}

// A message field that comes in pieces is the merge of them, which is what their concatenation decodes to.
function readPipelineBytes(request: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  const reader = new WireReader(request);
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === pipelineTag) pieces.push(reader.delimited());
    else reader.skip(tag);
  }
  return Buffer.concat(pieces);
}

function listEnvironmentArtifacts(pipeline: Pipeline | undefined): EnvironmentArtifacts[] {
  return [...(pipeline?.components?.environments ?? [])]
    .map(([environment, { dependencies }]) => ({ environment, dependencies }))
    .filter(({ dependencies }) => dependencies.length > 0);
}
