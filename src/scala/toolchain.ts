import { appendFileSync } from "node:fs";
import { diagnose } from "../diagnostics/diagnose.js";
import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import { openCacheFolder } from "./cache-folder.js";
import { CompilationError, compileSources } from "./compile-sources.js";
import { type KeptJarRequest, makeKeptJar } from "./kept-jar.js";
import { findScalaCompiler } from "./scala-compiler.js";

/** What is built with, and where to. */
export interface Toolchain {
  readonly javaHome: string;
  readonly sparkHome: string;
  readonly sparkVersion: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A folder of ours for what is made and isn't kept. */
  readonly workFolder: string;
  /** Gets all that the compiler says. */
  readonly logFile: string;
  readonly signal?: AbortSignal | undefined;
}

/** What can be submitted. */
export interface BuiltJars {
  /** The jar with the class that is run. */
  readonly jar: string;
  /** The jars that driver and executors need beside it. */
  readonly jars: readonly string[];
}

/** Compiles with a toolchain. Errors: a CompilationError; the signal's reason where it is aborted. */
export interface Builder {
  /** Makes a jar that is kept for the next time, and gives its path. */
  makeKept(request: Pick<KeptJarRequest, "sources" | "sourceFolder" | "jars">): Promise<string>;
  /** Makes a jar at a path. */
  make(sources: readonly string[], jars: readonly string[], output: string): Promise<void>;
}

/**
 * Builds something with the Scala compiler of a Spark. In: what is built, a folder to name to the user.
 *
 * Errors: `launch/scala-compiler-missing`, `launch/scala-not-compiled`; the signal's reason where it is aborted.
 */
export async function buildWith(
  tools: Toolchain,
  place: string,
  build: (builder: Builder) => Promise<BuiltJars>,
): Promise<Result<BuiltJars>> {
  const { javaHome, sparkHome, sparkVersion, environment, workFolder, logFile, signal } = tools;
  const compiler = findScalaCompiler(sparkHome);
  if (compiler === null) return refuse(diagnose("launch/scala-compiler-missing", { path: sparkHome }, {}));
  const common = { compiler, javaHome, signal };
  const cacheFolder = openCacheFolder(environment);
  const builder: Builder = {
    makeKept: (request) => makeKeptJar({ ...common, ...request, sparkVersion, cacheFolder, workFolder }),
    make: (sources, jars, output) => compileSources({ ...common, sources, jars, output }),
  };
  try {
    return { ok: true, value: await build(builder), warnings: [] };
  } catch (error) {
    if (!(error instanceof CompilationError)) throw error;
    appendFileSync(logFile, `${error.message}\n`);
    const said = error.message
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && line !== "^");
    return refuse(diagnose("launch/scala-not-compiled", { path: place }, { said, log: logFile }));
  }
}

function refuse(diagnostic: Diagnostic): Result<BuiltJars> {
  return { ok: false, diagnostics: [diagnostic] };
}
