import { join } from "node:path";
import { captureProgram } from "../jobs/capture.js";
import { describeProgram } from "../jobs/describe-program.js";
import { resolveCommand } from "../jobs/resolve-command.js";
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
  /** Folder for the project; without one it is removed at the end. */
  readonly output: string | undefined;
  readonly force: boolean;
  readonly python: string | undefined;
  readonly failOnFallback: boolean;
  readonly tempLocation: string | undefined;
  readonly sparkSubmitArguments: readonly string[];
}

/**
 * Captures if a program is given, compiles, and launches; of several pipelines one after the other, until one fails.
 * Out: the exit status, which is the job's when there was one.
 */
export async function runPipeline(request: RunRequest): Promise<number> {
  const { path: folder, remove } = makeTemporaryFolder("beam2spark-project-");
  try {
    if (request.pipeline !== null) return await compileAndLaunch(request.pipeline, 1, [], folder, request);
    const captured = await capture(request.command ?? [], folder, request.python);
    if (typeof captured === "number") return captured;
    for (const [index, pipeline] of captured.pipelines.entries()) {
      const status = await compileAndLaunch(pipeline, index + 1, [captured.moduleFolder], folder, request);
      if (status !== exitCodes.ok) return status;
    }
    return exitCodes.ok;
  } finally {
    remove();
  }
}

async function capture(
  command: readonly string[],
  folder: string,
  python: string | undefined,
): Promise<{ readonly pipelines: readonly string[]; readonly moduleFolder: string } | number> {
  const program = resolveCommand(command, python);
  if (!program.ok) {
    reportDiagnostics(program.diagnostics);
    return exitCodes.diagnostics;
  }
  const { name, moduleFolder } = describeProgram(program.value, process.cwd());
  const output = join(folder, `${name}.pb`);
  const result = await captureProgram({ program: program.value, output, environment: process.env });
  reportDiagnostics(result.ok ? result.warnings : result.diagnostics);
  if (!result.ok) return exitCodes.diagnostics;
  const { pipelines, interruptedBy } = result.value;
  if (interruptedBy !== null) return exitCodeOfSignal(interruptedBy);
  return { pipelines: pipelines.map(({ pipeline }) => pipeline), moduleFolder };
}

async function compileAndLaunch(
  pipeline: string,
  number: number,
  moduleFolders: readonly string[],
  folder: string,
  request: RunRequest,
): Promise<number> {
  const suffix = number === 1 ? "" : `-${number}`;
  const projectFolder = `${request.output ?? join(folder, "project")}${suffix}`;
  const { failOnFallback, force } = request;
  const compiled = await compileToFolder({ pipeline, folder: projectFolder, failOnFallback, force });
  reportDiagnostics(compiled.ok ? compiled.warnings : compiled.diagnostics);
  if (!compiled.ok) return exitCodes.diagnostics;
  return launchProject({
    projectDirectory: compiled.value.folder,
    python: request.python,
    tempLocation: request.tempLocation,
    sparkSubmitArguments: request.sparkSubmitArguments,
    moduleFolders,
    environmentFolders: [findPackageRoot()],
  });
}
