import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ArtifactInformation } from "../../src/beam/protos/types/environment.js";
import { createArtifactStagingService } from "../../src/jobs/artifact-staging.js";
import { createJob } from "../../src/jobs/job.js";

const artifact = ArtifactInformation.decode(ArtifactInformation.encode({ typeUrn: "t", roleUrn: "r" }));

async function* answers(token: string, chunks: number) {
  yield { stagingToken: token };
  yield { resolveArtifactResponse: { replacements: [artifact, artifact] } };
  for (const _ of [1, 2]) {
    for (let chunk = 1; chunk <= chunks; chunk++) {
      yield { getArtifactResponse: { data: Buffer.alloc(10) }, isLast: chunk === chunks };
    }
  }
}

it.each([
  ["one artifact", { artifact: 25, job: 1000 }, 3],
  ["all of a job's", { artifact: 1000, job: 35 }, 2],
  ["neither", { artifact: 20, job: 40 }, 2],
])("stops at the limit of %s", async (what, limits, chunks) => {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  const environments = [{ environment: "e", dependencies: [artifact] }];
  const job = createJob({ name: "job", pipeline: new Uint8Array(), options: {}, environments });
  const jobs = new Map([[job.id, job]]);
  const service = createArtifactStagingService({ jobs, folder, limits });
  const outcome = await new Promise((resolve) => {
    const call = {
      [Symbol.asyncIterator]: () => answers(job.stagingToken, chunks),
      write: () => true,
      end: () => resolve("taken"),
      emit: (_event: string, { details }: { details: string }) => resolve(details),
    };
    (service.ReverseArtifactRetrievalService as (stream: object) => void)(call);
  });
  if (what === "neither") {
    expect(outcome).toBe("taken");
    expect([...job.files]).toEqual(job.artifacts.slice(0, 1).map(({ sha256 }) => sha256));
  } else expect(outcome).toContain("larger than the limit");
  expect(readdirSync(folder).filter((name) => name.startsWith("partial"))).toEqual([]);
  rmSync(folder, { recursive: true });
});
