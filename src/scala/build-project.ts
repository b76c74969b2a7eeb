import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../diagnostics/diagnose.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { listSources, sourceFolder } from "./list-sources.js";
import { findMavenJar } from "./maven-jar.js";
import { type BuiltJars, buildWith, type Toolchain } from "./toolchain.js";

/**
 * Builds a Scala project with the compiler of Spark's own jars; the runtime is compiled once for all projects. What
 * Maven has built is taken as it is where it is newer than all sources.
 *
 * Errors: `launch/scala-sources-missing`, `launch/scala-compiler-missing`, `launch/scala-not-compiled`.
 */
export async function buildProject(projectDirectory: string, tools: Toolchain): Promise<Result<BuiltJars>> {
  const sources = listSources(projectDirectory);
  const built = findMavenJar(projectDirectory, [...sources.runtime, ...sources.job]);
  if (built !== null) return { ok: true, value: { jar: built, jars: [] }, warnings: [] };
  if (sources.runtime.length === 0 || sources.job.length === 0) {
    const place = { path: projectDirectory };
    const missing = diagnose("launch/scala-sources-missing", place, { folder: sourceFolder });
    return { ok: false, diagnostics: [missing] };
  }
  return buildWith(tools, projectDirectory, async ({ makeKept, make }) => {
    const runtime = await makeKept({
      sources: sources.runtime,
      sourceFolder: join(projectDirectory, sourceFolder),
      jars: [],
    });
    const jar = join(mkdtempSync(join(tools.workFolder, "scala-")), "job.jar");
    await make(sources.job, [runtime], jar);
    return { jar, jars: [runtime] };
  });
}
