import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import type { ScalaCompiler } from "./scala-compiler.js";

/** What the compiler is asked for. */
export interface Compilation {
  readonly compiler: ScalaCompiler;
  readonly javaHome: string;
  /** Absolute paths. */
  readonly sources: readonly string[];
  /** Jars beside those of Spark. */
  readonly jars: readonly string[];
  /** The jar to write. */
  readonly output: string;
  readonly signal?: AbortSignal | undefined;
}

/** The compiler did not take the sources, or could not be run; the message is what it wrote. */
export class CompilationError extends Error {
  override readonly name = "CompilationError";
}

/** How sources are compiled, whatever they are. The classes are for the oldest Java that Spark 4 runs on. */
export const compilerFlags: readonly string[] = ["-release", "17", "-encoding", "UTF-8", "-nowarn"];

// Most of a short compilation is the start of Java: its quick compiler alone is the faster one here.
const javaFlags = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", "-Xmx1g"];

/**
 * Compiles Scala sources to a jar, in a Java process of its own.
 *
 * Errors: a CompilationError; the signal's reason where it is aborted.
 */
export function compileSources(request: Compilation): Promise<void> {
  const { compiler, sources, jars, output, javaHome, signal } = request;
  const classPath = [...jars, compiler.sparkClassPath].join(delimiter);
  const scalac = [...javaFlags, "-cp", compiler.ownClassPath, "scala.tools.nsc.Main"];
  const words = [...scalac, ...compilerFlags, "-classpath", classPath, "-d", output, ...sources];
  return new Promise((resolve, reject) => {
    const options = {
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      ...(signal === undefined ? {} : { signal }),
    } as const;
    const child = execFile(join(javaHome, "bin", "java"), words, options, (error, stdout, stderr) => {
      process.off("exit", stop);
      if (error === null) resolve();
      else if (signal?.aborted) reject(signal.reason);
      else reject(new CompilationError(`${stdout}${stderr}`.trim() || error.message));
    });
    const stop = (): boolean => child.kill();
    process.on("exit", stop);
  });
}
