import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JobState } from "../../src/beam/protos/types/job.js";
import { WireType } from "../../src/beam/protos/wire-reader.js";
import { WireWriter } from "../../src/beam/protos/wire-writer.js";
import { changeState, type Job } from "../../src/jobs/job.js";
import { artifactStagingService, jobService } from "../../src/jobs/job-api.js";
import { type JobServer, startJobServer } from "../../src/jobs/job-server.js";
import { artifactRetrievalService } from "../../src/rpc/artifact-retrieval.js";
import { connect, type ServiceClient } from "./job-client.js";

const stagingTo = "beam:artifact:role:staging_to:v1";
const fileType = "beam:artifact:type:file:v1";

/** The service as a client sees it that looks at the very bytes of a pipeline. */
const byteClient = {
  ...jobService,
  GetPipeline: { ...jobService.GetPipeline!, responseDeserialize: (bytes: Buffer) => bytes },
};

/** A field of bytes in the wire form. */
function field(number: number, ...content: (Uint8Array | string)[]): Buffer {
  const bytes = Buffer.concat(content.map((part) => Buffer.from(part as string)));
  const writer = new WireWriter();
  writer.tag(number, WireType.delimited);
  writer.delimited(bytes);
  return Buffer.from(writer.finish());
}

/** A pipeline with one environment of one file, then a field that no version of the model has. */
function pipelineWith(stagedName: string, sha256 = ""): Buffer {
  const file = field(2, field(1, "/somewhere/file"), field(2, sha256));
  const artifact = field(6, field(1, fileType), file, field(3, stagingTo), field(4, field(1, stagedName)));
  const components = field(1, field(5, field(1, "environment"), field(2, artifact)));
  return Buffer.concat([field(999, "from the future"), components]);
}

describe("the Job service", () => {
  let folder: string;
  let server: JobServer;
  let jobs: ServiceClient;
  let staging: ServiceClient;
  let retrieval: ServiceClient;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
    const run = (job: Job): void => {
      changeState(job, JobState.RUNNING);
      changeState(job, JobState.DONE);
    };
    server = await startJobServer({ folder, handler: { prepare: () => {}, run, cancel: () => {} } });
    jobs = connect(server.endpoint, byteClient);
    staging = connect(server.endpoint, artifactStagingService);
    retrieval = connect(server.endpoint, artifactRetrievalService);
  });
  afterEach(async () => {
    jobs.close();
    staging.close();
    retrieval.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const prepare = async (pipeline: Buffer): Promise<{ jobId: string; token: string }> => {
    const request = Buffer.concat([field(3, "job"), field(1, pipeline)]);
    const response = await jobs.unary("Prepare", request);
    const { url } = response.artifactStagingEndpoint as { url: string };
    expect(url).toBe(server.endpoint);
    return { jobId: response.preparationId as string, token: response.stagingSessionToken as string };
  };
  const stage = (token: string, ...chunks: string[]): Promise<void> =>
    staging.converse("ReverseArtifactRetrievalService", { stagingToken: token }, (message) => {
      const resolve = message.resolveArtifact as { artifacts: object[] } | null | undefined;
      if (resolve != null) return [{ resolveArtifactResponse: { replacements: resolve.artifacts } }];
      const data = chunks.map((chunk) => ({ getArtifactResponse: { data: Buffer.from(chunk) } }));
      return [...data, { getArtifactResponse: {}, isLast: true }];
    });

  it("listens on a socket in a folder of its own, on no port", () => {
    expect(server.endpoint).toBe(`unix:${join(folder, "jobs.socket")}`);
    expect(lstatSync(folder).mode & 0o077).toBe(0);
  });

  it("listens on the loopback interface where no socket can be", async () => {
    const long = join(folder, "x".repeat(100));
    mkdirSync(long);
    const other = await startJobServer({
      folder: long,
      handler: { prepare: () => {}, run: () => {}, cancel: () => {} },
    });
    expect(other.endpoint).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    const client = connect(other.endpoint, jobService);
    expect((await client.unary("GetJobs", {})).jobInfo).toEqual([]);
    client.close();
    await other.close();
  });

  it("gives a pipeline back byte for byte, unknown fields included", async () => {
    const pipeline = pipelineWith("file");
    const { jobId } = await prepare(pipeline);
    const response = await jobs.unary("GetPipeline", { jobId });
    expect(Buffer.from(response as unknown as Uint8Array).equals(field(1, pipeline))).toBe(true);
    expect(Buffer.from(server.jobs.get(jobId)?.pipeline ?? []).equals(pipeline)).toBe(true);
  });

  it("takes the preparation's id for the job's, before Run as after it", async () => {
    const { jobId } = await prepare(pipelineWith("file"));
    expect((await jobs.unary("GetState", { jobId })).state).toBe(JobState.STOPPED);
    const states = jobs.collect("GetStateStream", { jobId });
    const messages = jobs.collect("GetMessageStream", { jobId });
    // Both streams are open before Run.
    await expect.poll(() => server.jobs.get(jobId)?.events.listeners.size).toBe(2);
    expect(await jobs.unary("Run", { preparationId: jobId })).toMatchObject({ jobId });
    const expected = [JobState.STOPPED, JobState.RUNNING, JobState.DONE];
    expect((await states).map(({ state }) => state)).toEqual(expected);
    expect((await messages).map((message) => (message.stateResponse as { state: number }).state)).toEqual(
      expected,
    );
    expect((await jobs.collect("GetStateStream", { jobId })).map(({ state }) => state)).toEqual([
      JobState.DONE,
    ]);
  });

  it("answers what clients ask besides", async () => {
    const { jobId } = await prepare(pipelineWith("file"));
    const { options } = await jobs.unary("DescribePipelineOptions", {});
    expect((options as { name: string }[]).map(({ name }) => name)).toContain("sparkMaster");
    expect((await jobs.unary("GetJobMetrics", { jobId })).metrics).toBeTruthy();
    expect((await jobs.unary("GetJobs", {})).jobInfo).toHaveLength(1);
    expect((await jobs.unary("Cancel", { jobId })).state).toBe(JobState.CANCELLED);
    await expect(jobs.unary("Run", { preparationId: jobId })).rejects.toThrow("run already");
    await expect(jobs.unary("Drain", { jobId })).rejects.toThrow("it has ended");
    const another = await prepare(pipelineWith("file"));
    await expect(jobs.unary("Drain", another)).rejects.toThrow("FAILED_PRECONDITION");
    await expect(jobs.unary("GetState", { jobId: "other" })).rejects.toThrow("there is no job other");
    await expect(jobs.unary("Prepare", field(1, "no pipeline"))).rejects.toThrow("INVALID_ARGUMENT");
  });

  it("keeps an artifact under the hash of its content", async () => {
    const sha256 = createHash("sha256").update("two pieces").digest("hex");
    const { jobId, token } = await prepare(pipelineWith("modules/my file.py", sha256));
    await stage(token, "two ", "pieces");
    expect(server.jobs.get(jobId)?.artifacts).toEqual([
      {
        environment: "environment",
        typeUrn: fileType,
        roleUrn: stagingTo,
        rolePayload: field(1, "modules/my file.py").toString("base64"),
        stagedName: "modules/my file.py",
        sha256,
        size: 10,
      },
    ]);
    expect(readdirSync(server.artifactFolder)).toEqual([sha256]);
    expect(readFileSync(join(server.artifactFolder, sha256), "utf8")).toBe("two pieces");
  });

  it("hands staged and embedded files out again, and nothing else of the machine", async () => {
    const content = "x".repeat(5 * 2 ** 20);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const { token } = await prepare(pipelineWith("file"));
    await stage(token, content.slice(0, 3), content.slice(3));
    const get = async (artifact: object): Promise<string> => {
      const pieces = await retrieval.collect("GetArtifact", { artifact });
      return Buffer.concat(pieces.map(({ data }) => data as Uint8Array)).toString();
    };
    const file = (path: string, hash: string) => ({
      typeUrn: fileType,
      typePayload: Buffer.concat([field(1, path), field(2, hash)]),
    });
    expect((await get(file("/anywhere", sha256.toUpperCase()))) === content).toBe(true);
    const embedded = { typeUrn: "beam:artifact:type:embedded:v1", typePayload: field(1, content) };
    expect((await get(embedded)) === content).toBe(true);
    for (const hash of ["", "00", "../jobs.socket"]) {
      await expect(get(file("/etc/hostname", hash))).rejects.toThrow("NOT_FOUND");
    }
    const { replacements } = await retrieval.unary("ResolveArtifacts", { artifacts: [file("/x", sha256)] });
    expect(replacements).toMatchObject([{ typeUrn: fileType }]);
  });

  it("refuses content that is not what its hash says, and keeps nothing of it", async () => {
    const { jobId, token } = await prepare(pipelineWith("file", "00"));
    await expect(stage(token, "content")).rejects.toThrow("not 00 as its client says");
    expect(server.jobs.get(jobId)?.refusals).toHaveLength(1);
    expect(server.jobs.get(jobId)?.artifacts).toEqual([]);
  });

  it.each(["../file", "/etc/passwd", "a/../../b", "a\\..\\b", "C:x", "a\0b", ""])(
    "refuses an artifact that asks to be staged as %j",
    async (name) => {
      const { token } = await prepare(pipelineWith(name));
      await expect(stage(token, "content")).rejects.toThrow("no plain path below its folder");
      expect(readdirSync(server.artifactFolder)).toEqual([]);
    },
  );

  it("talks to nobody without the job's token", async () => {
    await prepare(pipelineWith("file"));
    await expect(stage("guessed")).rejects.toThrow("no job has this staging token");
  });
});
