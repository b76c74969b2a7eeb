import { createHash } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { type ArtifactLimits, artifactLimits } from "../beam/artifact-limits.js";
import { readSha256 } from "../beam/artifact-sha256.js";
import type { Draft } from "../beam/protos/message-type.js";
import type { ArtifactRequestWrapper, ArtifactResponseWrapper } from "../beam/protos/types/artifact.js";
import type { ArtifactInformation } from "../beam/protos/types/environment.js";
import { isPlainPath, stagedNameOf } from "../beam/staged-name.js";
import type { EnvironmentArtifacts } from "./environment-artifacts.js";
import type { Job } from "./job.js";
import type { StagedArtifact } from "./staged-artifact.js";

interface StagingCall extends AsyncIterable<ArtifactResponseWrapper> {
  write(message: Draft<ArtifactRequestWrapper>): boolean;
  end(): void;
  emit(event: "error", error: object): boolean;
}

/** What artifact staging needs around it. */
export interface ArtifactStagingContext {
  readonly jobs: ReadonlyMap<string, Job>;
  /** Where the files go, each under its SHA-256. */
  readonly folder: string;
  readonly limits?: ArtifactLimits;
}

/**
 * Beam's `ArtifactStagingService`: the client opens a stream and then answers our questions on it.
 *
 * For each environment of the job that the staging token names: which artifacts stand for its dependencies, then
 * the bytes of each. Bytes are held against the SHA-256 that the artifact gives, if it gives one, and against the
 * limits; names are only ever noted, never used as paths.
 */
export function createArtifactStagingService(context: ArtifactStagingContext): UntypedServiceImplementation {
  return {
    ReverseArtifactRetrievalService: (call: StagingCall) => {
      retrieveArtifacts(call, context).then(
        () => call.end(),
        (error: Error) => call.emit("error", { code: status.INVALID_ARGUMENT, details: error.message }),
      );
    },
  };
}

async function retrieveArtifacts(call: StagingCall, context: ArtifactStagingContext): Promise<void> {
  const answers = call[Symbol.asyncIterator]();
  const next = async (): Promise<ArtifactResponseWrapper> => {
    const { done, value } = await answers.next();
    if (done === true) throw new Error("the client ended the stream before all artifacts had come");
    return value;
  };
  const { stagingToken } = await next();
  const job = [...context.jobs.values()].find((candidate) => candidate.stagingToken === stagingToken);
  if (job === undefined) throw new Error("no job has this staging token");
  await mkdir(context.folder, { recursive: true });
  try {
    for (const environment of job.environments) {
      await retrieveEnvironment(call, next, job, environment, context);
    }
  } catch (error) {
    job.refusals.push((error as Error).message);
    throw error;
  }
}

async function retrieveEnvironment(
  call: StagingCall,
  next: () => Promise<ArtifactResponseWrapper>,
  job: Job,
  { environment, dependencies }: EnvironmentArtifacts,
  context: ArtifactStagingContext,
): Promise<void> {
  call.write({ resolveArtifact: { artifacts: dependencies, preferredUrns: [] } });
  const { resolveArtifactResponse } = await next();
  for (const artifact of resolveArtifactResponse?.replacements ?? []) {
    const stagedName = readStagedName(artifact);
    call.write({ getArtifact: { artifact } });
    const { sha256, size } = await storeArtifact(next, stagedName ?? artifact.typeUrn, job, context);
    const promised = readSha256(artifact);
    if (promised !== "" && promised.toLowerCase() !== sha256) {
      throw new Error(
        `artifact ${stagedName ?? ""} has SHA-256 ${sha256}, not ${promised} as its client says`,
      );
    }
    job.artifacts.push({
      environment,
      typeUrn: artifact.typeUrn,
      roleUrn: artifact.roleUrn,
      rolePayload: Buffer.from(artifact.rolePayload).toString("base64"),
      stagedName,
      sha256,
      size,
    } satisfies StagedArtifact);
  }
}

async function storeArtifact(
  next: () => Promise<ArtifactResponseWrapper>,
  name: string,
  job: Job,
  { jobs, folder, limits = artifactLimits }: ArtifactStagingContext,
): Promise<{ sha256: string; size: number }> {
  const before = job.artifacts.reduce((total, artifact) => total + artifact.size, 0);
  const partial = join(folder, `partial-${job.id}-${job.artifacts.length}`);
  const file = await open(partial, "wx");
  const hash = createHash("sha256");
  let size = 0;
  try {
    for (let last = false; !last; ) {
      const answer = await next();
      const data = answer.getArtifactResponse?.data ?? new Uint8Array();
      last = answer.isLast;
      size += data.length;
      if (size > limits.artifact || before + size > limits.job) {
        throw new Error(`artifact ${name} is larger than the limit of ${limits.artifact} bytes`);
      }
      hash.update(data);
      await file.writeFile(data);
    }
    await file.close();
    const sha256 = hash.digest("hex");
    if (!jobs.has(job.id)) throw new Error("the job was forgotten before all of its artifacts had come");
    // From now on nobody deletes a file of this content, which may be another job's too.
    job.files.add(sha256);
    await rename(partial, join(folder, sha256));
    return { sha256, size };
  } finally {
    await file.close();
    await rm(partial, { force: true });
  }
}

function readStagedName(artifact: ArtifactInformation): string | null {
  const stagedName = stagedNameOf(artifact);
  if (stagedName === null || isPlainPath(stagedName)) return stagedName;
  throw new Error(
    `an artifact asks to be staged as ${JSON.stringify(stagedName)}, which is no plain path below its folder`,
  );
}
