import { describe, expect, it } from "vitest";
import { DockerPayload, ExternalPayload } from "../../src/beam/protos/types/environment.js";
import { URN } from "../../src/beam/urns.js";
import { createJob, type Job } from "../../src/jobs/job.js";
import { type JudgeContext, judgePipeline } from "../../src/jobs/judge-pipeline.js";
import { PipelineBuilder } from "../compiler/support/pipeline-builder.js";

const context: JudgeContext & { readonly python: object } = {
  target: "pyspark",
  lane: "in-process" as const,
  workers: null,
  master: { url: "local[2]", isGiven: false },
  tempLocation: null,
  hasTempSetting: false,
  python: {
    path: "/python",
    facts: {
      python: "3.11.9",
      packages: { pyspark: "4.3.0", "apache-beam": "2.77.0", pyarrow: "25.0" },
      sparkHome: "/spark",
    },
  },
  givenSparkHome: undefined,
};

function builder(): PipelineBuilder {
  const pipeline = new PipelineBuilder();
  pipeline.parDo("Do", pipeline.impulse());
  return pipeline;
}

/** A pipeline with a step that has to be computed once. */
function withCheckpoint(): PipelineBuilder {
  const pipeline = new PipelineBuilder();
  const spread = pipeline.reshuffle("Spread", pipeline.parDo("Make", pipeline.impulse()));
  for (const name of ["One", "Two"]) pipeline.parDo(name, spread);
  return pipeline;
}

function jobOf(pipeline: PipelineBuilder, options: Record<string, unknown> = {}): Job {
  const named = Object.entries(options).map(([name, value]) => [`beam:option:${name}:v1`, value]);
  const handed = { name: "job", options: Object.fromEntries(named), environments: [] };
  return createJob({ ...handed, pipeline: pipeline.bytes() });
}

function judge(job: Job, changes: Partial<JudgeContext> = {}) {
  const result = judgePipeline(job, { ...context, ...changes });
  const diagnostics = result.ok ? result.warnings : result.diagnostics;
  return { ...(result.ok ? result.value : {}), ok: result.ok, codes: diagnostics.map(({ code }) => code) };
}

describe("a pipeline that was handed over", () => {
  it("is taken as it is when everything fits, under the name that its program gives it", () => {
    expect(judge(jobOf(builder()))).toMatchObject({ ok: true, codes: [], master: "local[2]" });
    expect(judge(jobOf(builder(), { job_name: "words" })).read?.name).toBe("words");
  });

  it("is refused for all that is in its way at once", () => {
    const pipeline = withCheckpoint();
    const versions = { ...context.python.facts.packages, "apache-beam": "2.1.0" };
    const python = {
      path: "/python",
      facts: { ...context.python.facts, python: "3.9.1", packages: versions },
    };
    const master = { url: "spark://host:7077", isGiven: true };
    expect(judge(jobOf(pipeline), { python, master }).codes).toEqual([
      "launch/beam-version-differs",
      "launch/python-version-differs",
      "launch/temp-location-missing",
    ]);
    pipeline.add("Odd", "beam:transform:odd:v1", ["p1"], ["bytes"]);
    pipeline.add("Odder", "beam:transform:odder:v1", ["p1"], ["bytes"]);
    const capabilities = ["beam:version:sdk_base:apache/beam_python3.11_sdk:2.77.0"];
    const payload = DockerPayload.encode({ containerImage: "mine:1" });
    pipeline.environments.set("python", { urn: URN.environmentDocker, payload, capabilities });
    const job = jobOf(pipeline, { spark_master_url: "local[7]" });
    // A pipeline that can't be planned has no steps yet that something would have to be kept between.
    expect(judge(job, { python, master }).codes.toSorted()).toEqual([
      "launch/beam-version-differs",
      "launch/python-version-differs",
      "plan/transform-unsupported",
      "plan/transform-unsupported",
      "serve/environment-replaced",
      "serve/master-overruled",
    ]);
    expect(judge({ ...jobOf(pipeline), pipeline: Buffer.from("no pipeline") }).ok).toBe(false);
  });

  it.each([
    ["a worker pool", URN.environmentExternal, ExternalPayload.encode({ endpoint: { url: "localhost:1" } })],
    ["another image", URN.environmentDocker, DockerPayload.encode({ containerImage: "mine:1" })],
  ])("hears that its functions don't run in %s", (_, urn, payload) => {
    const pipeline = builder();
    const capabilities = ["beam:version:sdk_base:apache/beam_python3.11_sdk:2.77.0"];
    pipeline.environments.set("python", { urn, payload, capabilities });
    expect(judge(jobOf(pipeline))).toMatchObject({ ok: true, codes: ["serve/environment-replaced"] });
    // One that no step runs in is nobody's concern.
    const other = builder();
    other.environments.set("unused", { urn, payload, capabilities });
    expect(judge(jobOf(other)).codes).toEqual([]);
  });

  it.each(["spark_master_url", "spark_master", "sparkMaster"])("chooses its master by %s", (name) => {
    const job = jobOf(builder(), { [name]: "local[7]" });
    expect(judge(job)).toMatchObject({ master: "local[7]", codes: [] });
    const given = judge(job, { master: { url: "local[2]", isGiven: true } });
    expect(given).toMatchObject({ master: "local[2]", codes: ["serve/master-overruled"] });
    // What Beam's SDK says for a user who has said nothing.
    expect(judge(jobOf(builder(), { [name]: "local[4]" })).master).toBe("local[2]");
  });

  it("keeps what it keeps where the service says, else where its options say", () => {
    const master = { url: "spark://host:7077", isGiven: true };
    for (const name of ["checkpointDir", "checkpoint_dir"]) {
      const job = jobOf(withCheckpoint(), { [name]: "hdfs:///mine" });
      expect(judge(job, { master })).toMatchObject({ codes: [], tempLocation: "hdfs:///mine" });
      expect(judge(job, { master, tempLocation: "/shared" }).tempLocation).toBe("/shared");
    }
    expect(judge(jobOf(withCheckpoint()), { master, hasTempSetting: true })).toMatchObject({
      codes: [],
      tempLocation: null,
    });
  });

  it("has a pool of its program's own only where Spark is on this machine, too", () => {
    const pipeline = builder();
    const capabilities = ["beam:version:sdk_base:apache/beam_python3.11_sdk:2.77.0"];
    const judgeAt = (url: string, master: string, workers: string | null) => {
      const payload = ExternalPayload.encode({ endpoint: { url } });
      pipeline.environments.set("python", { urn: URN.environmentExternal, payload, capabilities });
      const changes = { lane: "auto", master: { url: master, isGiven: true }, workers } as const;
      return judge(jobOf(pipeline), changes);
    };
    const cluster = "spark://host:7077";
    expect(judgeAt("localhost:41234", cluster, null).codes).toEqual(["serve/loopback-remote"]);
    expect(judgeAt("localhost:41234", "local[2]", null)).toMatchObject({ codes: [], isLoopback: true });
    // Beside each executor there may be a pool on the port of pools.
    for (const elsewhere of [
      judgeAt("localhost:50000", cluster, null),
      judgeAt("pool.example.com:41234", cluster, null),
      judgeAt("localhost:41234", cluster, "127.0.0.1:50000"),
    ]) {
      expect(elsewhere).toMatchObject({ codes: [], isLoopback: false });
    }
  });
});
