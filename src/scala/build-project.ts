import { appendFileSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../diagnostics/diagnose.js";
import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import { openCacheFolder } from "./cache-folder.js";
import { CompilationError, compileSources } from "./compile-sources.js";
import { listSources, sourceFolder } from "./list-sources.js";
import { findMavenJar } from "./maven-jar.js";
import { makeRuntimeJar } from "./runtime-jar.js";
import { findScalaCompiler } from "./scala-compiler.js";

/** A project that can be submitted. */
export interface BuiltProject {
  /** The jar with the job's class. */
  readonly jar: string;
  /** The jars that driver and executors need beside it. */
  readonly jars: readonly string[];
}

/** Which project, with what it is built, and where to. */
export interface BuildRequest {
  readonly projectDirectory: string;
  readonly javaHome: string;
  readonly sparkHome: string;
  readonly sparkVersion: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A folder of ours for what is made. */
  readonly workFolder: string;
  /** Gets all that the compiler says. */
  readonly logFile: string;
}

/**
 * Builds a Scala project with the compiler of Spark's own jars. What Maven has built is taken as it is where it is newer
 * than all sources.
 *
 * Errors: `launch/scala-sources-missing`, `launch/scala-compiler-missing`, `launch/scala-not-compiled`.
 */
export async function buildProject(request: BuildRequest): Promise<Result<BuiltProject>> {
  const { projectDirectory, sparkHome, workFolder, javaHome } = request;
  const sources = listSources(projectDirectory);
  const built = findMavenJar(projectDirectory, [...sources.runtime, ...sources.job]);
  if (built !== null) return { ok: true, value: { jar: built, jars: [] }, warnings: [] };
  if (sources.runtime.length === 0 || sources.job.length === 0) {
    return refuse(
      diagnose("launch/scala-sources-missing", { path: projectDirectory }, { folder: sourceFolder }),
    );
  }
  const compiler = findScalaCompiler(sparkHome);
  if (compiler === null) return refuse(diagnose("launch/scala-compiler-missing", { path: sparkHome }, {}));
  const common = { compiler, javaHome };
  try {
    const runtime = await makeRuntimeJar({
      ...common,
      sources: sources.runtime,
      sourceFolder: join(projectDirectory, sourceFolder),
      sparkVersion: request.sparkVersion,
      cacheFolder: openCacheFolder(request.environment),
      workFolder,
    });
    const jar = join(mkdtempSync(join(workFolder, "scala-")), "job.jar");
    await compileSources({ ...common, sources: sources.job, jars: [runtime], output: jar });
    return { ok: true, value: { jar, jars: [runtime] }, warnings: [] };
  } catch (error) {
    if (!(error instanceof CompilationError)) throw error;
    appendFileSync(request.logFile, `${error.message}\n`);
    const said = error.message
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && line !== "^");
    const log = request.logFile;
    return refuse(diagnose("launch/scala-not-compiled", { path: projectDirectory }, { said, log }));
  }
}

function refuse(diagnostic: Diagnostic): Result<BuiltProject> {
  return { ok: false, diagnostics: [diagnostic] };
}
