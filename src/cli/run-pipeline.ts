import { join } from "node:path";
import type { LaneChoice } from "../compiler/3-plan/support/lanes.js";
import type { Target } from "../compiler/4-physical/target.js";
import { formatDiagnostics } from "../diagnostics/format.js";
import { type ClientSdk, detectSdk } from "../jobs/client-dialect.js";
import { describeProgram } from "../jobs/describe-program.js";
import { resolveCommand } from "../jobs/resolve-command.js";
import { runProgramPipelines } from "../jobs/run-program-pipelines.js";
import { launchProject } from "../launcher/launch-project.js";
import { exitCodeOfSignal } from "../machine/exit-code-of-signal.js";
import { makeTemporaryFolder } from "../machine/temporary-folder.js";
import { findPackageRoot } from "../package-root.js";
import { compileToFolder } from "./compile-to-folder.js";
import { exitCodes } from "./exit-codes.js";
import { reportDiagnostics } from "./report.js";

/** What `run` is asked for: a pipeline or a program's command, exactly one of the two. */
export interface RunRequest {
  readonly pipeline: string | null;
  readonly command: readonly string[] | null;
  /** The SDK of that program; by default told by its executable. */
  readonly sdk: ClientSdk | undefined;
  /** Folder for the project; without one it is removed at the end. */
  readonly output: string | undefined;
  readonly force: boolean;
  readonly python: string | undefined;
  readonly failOnFallback: boolean;
  readonly target: Target;
  readonly lane: LaneChoice;
  readonly tempLocation: string | undefined;
  readonly workers: string | undefined;
  readonly sparkSubmitArguments: readonly string[];
}

/**
 * Compiles and launches a pipeline, or each pipeline of a program when the program runs it. Out: the exit status, which
 * is that of the first job that failed; where none did, that of the program.
 */
export async function runPipeline(request: RunRequest): Promise<number> {
  const { path: folder, remove } = makeTemporaryFolder("beam2spark-project-");
  try {
    if (request.pipeline !== null) return await compileAndLaunch(request.pipeline, { folder, request });
    return await runProgram(request.command ?? [], folder, request);
  } finally {
    remove();
  }
}

async function runProgram(command: readonly string[], folder: string, request: RunRequest): Promise<number> {
  const program = resolveCommand(command, request.python);
  if (!program.ok) {
    reportDiagnostics(program.diagnostics);
    return exitCodes.diagnostics;
  }
  const { name, moduleFolder } = describeProgram(program.value, process.cwd());
  const result = await runProgramPipelines({
    program: program.value,
    sdk: request.sdk ?? detectSdk(program.value),
    output: join(folder, `${name}.pb`),
    environment: process.env,
    runPipeline: async ({ pipeline }, number, stop) => {
      let failure = "";
      let metrics: readonly Uint8Array[] = [];
      const onFailure = (text: string): void => {
        failure = text;
      };
      const onMetrics = (infos: readonly Uint8Array[]): void => {
        metrics = infos;
      };
      const moduleFolders = [moduleFolder];
      const status = await compileAndLaunch(pipeline, {
        ...{ folder, request, number, moduleFolders, stop, onFailure, onMetrics },
      });
      return { status, failure, metrics };
    },
  });
  reportDiagnostics(result.ok ? result.warnings : result.diagnostics);
  if (!result.ok) return exitCodes.diagnostics;
  const { runs, status, interruptedBy, errorTail } = result.value;
  if (interruptedBy !== null) return exitCodeOfSignal(interruptedBy);
  const failed = runs.find((run) => run.status !== 0);
  if (failed === undefined) return status ?? exitCodes.diagnostics;
  // Last, unless that is how the program has ended too: Python's client raises it.
  if (!errorTail.trimEnd().endsWith(failed.failure.trimEnd())) process.stderr.write(failed.failure);
  return failed.status;
}

interface Launch {
  readonly folder: string;
  readonly request: RunRequest;
  readonly number?: number;
  readonly moduleFolders?: readonly string[];
  readonly stop?: AbortSignal;
  readonly onFailure?: (text: string) => void;
  readonly onMetrics?: (infos: readonly Uint8Array[]) => void;
}

async function compileAndLaunch(pipeline: string, launch: Launch): Promise<number> {
  const { folder, request, number = 1, moduleFolders = [], stop, onFailure, onMetrics } = launch;
  const suffix = number === 1 ? "" : `-${number}`;
  const projectFolder = `${request.output ?? join(folder, "project")}${suffix}`;
  const { target, failOnFallback, lane, force } = request;
  const options = { target, failOnFallback, lane, force };
  const compiled = await compileToFolder({ pipeline, folder: projectFolder, ...options });
  const diagnostics = compiled.ok ? compiled.warnings : compiled.diagnostics;
  if (!compiled.ok && onFailure !== undefined) {
    onFailure(formatDiagnostics(diagnostics));
    return exitCodes.diagnostics;
  }
  reportDiagnostics(diagnostics);
  if (!compiled.ok) return exitCodes.diagnostics;
  return launchProject({
    projectDirectory: compiled.value.folder,
    python: request.python,
    tempLocation: request.tempLocation,
    workers: request.workers,
    sparkSubmitArguments: request.sparkSubmitArguments,
    moduleFolders,
    environmentFolders: [findPackageRoot()],
    stop,
    onFailure,
    onMetrics,
  });
}
