import { stagedNameOf } from "../beam/staged-name.js";
import { URN } from "../beam/urns.js";
import type { Artifact } from "../compiler/1-read/artifact.js";
import type { JsonObject } from "../compiler/1-read/json.js";
import { type ReadPipeline, readPipeline } from "../compiler/1-read/read-pipeline.js";
import { buildGraph } from "../compiler/2-graph/build-graph.js";
import type { EnvironmentNode } from "../compiler/2-graph/graph.js";
import { isPlainPython, type LaneChoice } from "../compiler/3-plan/support/lanes.js";
import type { Target } from "../compiler/4-physical/target.js";
import { type PlannedPipeline, planPipeline } from "../compiler/plan-pipeline.js";
import { type Collector, createCollector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { checkSdk, checkVersions } from "../launcher/check-versions.js";
import { type LaunchPlan, needsTempLocation } from "../launcher/launch-plan.js";
import { needsPython } from "../launcher/needs-python.js";
import type { PythonFacts } from "../launcher/probe-python.js";
import { isLocalMaster } from "../launcher/spark-settings.js";
import { isLoopbackHost } from "../machine/loopback-host.js";
import type { Job } from "./job.js";
import { readCheckpointFolder, readJobName, readMaster } from "./pipeline-settings.js";

/** What of a service decides about a pipeline. */
export interface JudgeContext {
  /** What projects are written in. */
  readonly target: Target;
  /** Where functions run. */
  readonly lane: LaneChoice;
  /** How workers of SDKs start, where the service's user has said it. */
  readonly workers: string | null;
  /** `isGiven` where the service's user has named it, who then has the last word. */
  readonly master: { readonly url: string; readonly isGiven: boolean };
  /** The service's folder for results between steps, or null. */
  readonly tempLocation: string | null;
  /** Whether Spark's settings name one. */
  readonly hasTempSetting: boolean;
  /** The Python of the drivers and of workers that start here; null where there is none, and drivers need none. */
  readonly python: { readonly path: string; readonly facts: PythonFacts } | null;
  readonly givenSparkHome: string | undefined;
}

/** The port that worker pools listen on unless they are told otherwise. */
const poolPort = "50000";

/** A pipeline that can run here. */
export interface JudgedPipeline {
  readonly read: ReadPipeline;
  readonly planned: PlannedPipeline;
  readonly master: string;
  /** The folder for results between steps; null where one of ours or of Spark's settings serves. */
  readonly tempLocation: string | null;
  /** How workers of SDKs start, or null for as their environment says. */
  readonly workers: string | null;
  /** Whether functions run in the very program that submits it, Beam's LOOPBACK. */
  readonly isLoopback: boolean;
}

/**
 * Reads and plans a pipeline that was handed over, and holds it against what the service has: everything that is in
 * its way at once, before any of its files has come.
 *
 * Errors: `read/…`, `plan/…`, `launch/…` of versions and the temporary location. Warnings: theirs and `serve/…`.
 */
export function judgePipeline(job: Job, context: JudgeContext): Result<JudgedPipeline> {
  const collector = createCollector();
  const read = readPipeline({
    name: readJobName(job.options) ?? (job.name || "job"),
    content: job.pipeline,
    options: job.options as JsonObject,
    artifacts: listDeclaredArtifacts(job),
  });
  if (!read.ok) return read;
  collector.add(read.warnings);
  const planned = planPipeline(read.value, {
    target: context.target,
    failOnFallback: false,
    lane: context.lane,
  });
  collector.add(planned.ok ? planned.warnings : planned.diagnostics);
  const graph = planned.ok ? planned.value.graph : buildGraph(read.value);
  const used = new Set([...graph.transforms.values()].map(({ environment }) => environment));
  const environments = [...graph.environments.values()].filter(({ id }) => used.has(id));
  const plan = planned.ok ? planned.value.physicalPlan : planNothing(context.target, environments);
  checkPython(plan, context, collector);
  if (context.lane === "in-process") {
    for (const environment of environments) remarkEnvironment(environment, collector);
  }
  const master = chooseMaster(job, context, collector);
  const loopbacks = planned.ok ? findLoopbacks(planned.value, context) : [];
  for (const { id, description } of isLocalMaster(master) ? [] : loopbacks) {
    collector.report("serve/loopback-remote", { id }, { pool: description, master });
  }
  const tempLocation = context.tempLocation ?? readCheckpointFolder(job.options);
  const hasTempLocation = tempLocation !== null || context.hasTempSetting || isLocalMaster(master);
  if (!hasTempLocation && needsTempLocation(plan)) {
    collector.report("launch/temp-location-missing", {}, { master });
  }
  if (!planned.ok) return { ok: false, diagnostics: collector.diagnostics };
  const { workers } = context;
  return collector.finish(() => ({
    read: read.value,
    planned: planned.value,
    master,
    tempLocation,
    workers,
    isLoopback: loopbacks.length > 0,
  }));
}

function checkPython(
  plan: LaunchPlan,
  { target, workers, python, givenSparkHome }: JudgeContext,
  collector: Collector,
): void {
  if (target === "pyspark" && python !== null) {
    checkVersions(python.facts, plan, { path: python.path }, givenSparkHome, collector);
  } else if (needsPython(plan, workers ?? undefined)) {
    if (python === null) collector.report("launch/python-missing", {}, { looked: ["--python"] });
    else checkSdk(python.facts, plan, { path: python.path }, collector);
  }
}

/** What a refused pipeline still asks of Beam's and Python's versions: those of the environment of its functions. */
function planNothing(target: Target, environments: readonly EnvironmentNode[]): LaunchPlan {
  const python = environments.find(({ language }) => language === "python");
  const { sdkVersion = null, pythonVersion = null } = python ?? {};
  return { target, pipeline: { name: "", sdkVersion, pythonVersion }, nodes: [] };
}

// What a file holds matters to nobody before the project is written.
function listDeclaredArtifacts(job: Job): readonly Artifact[] {
  return job.environments.flatMap(({ environment, dependencies }) =>
    dependencies.map((dependency) => ({
      environment,
      roleUrn: dependency.roleUrn,
      rolePayload: dependency.rolePayload,
      stagedName: stagedNameOf(dependency),
      sha256: null,
      size: 0,
      load: () => Promise.reject(new Error("an artifact was asked for before it was staged")),
    })),
  );
}

function remarkEnvironment(environment: EnvironmentNode, collector: Collector): void {
  if (isPlainPython(environment)) return;
  const { id, description } = environment;
  collector.report("serve/environment-replaced", { id }, { environment: description });
}

/**
 * The pools of workers that listen on a loopback address: Beam's LOOPBACK is one in the program that submits, which
 * executors elsewhere don't reach. On the pools' own port it may be one beside each executor.
 */
function findLoopbacks(
  { graph, physicalPlan }: PlannedPipeline,
  { workers }: JudgeContext,
): readonly EnvironmentNode[] {
  if (workers !== null) return [];
  const used = new Set(physicalPlan.nodes.map((node) => (node.kind === "stage" ? node.environment : null)));
  return [...graph.environments.values()].filter(({ id, urn, description }) => {
    if (!used.has(id) || urn !== URN.environmentExternal) return false;
    const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(description) ?? [];
    return isLoopbackHost(host) && port !== poolPort;
  });
}

function chooseMaster(job: Job, { master }: JudgeContext, collector: Collector): string {
  const asked = readMaster(job.options);
  if (asked === null || asked === master.url) return master.url;
  if (!master.isGiven) return asked;
  collector.report("serve/master-overruled", {}, { asked, master: master.url });
  return master.url;
}
