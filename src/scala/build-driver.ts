import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "../diagnostics/diagnostic.js";
import { type BuiltJars, buildWith, type Toolchain } from "./toolchain.js";

/** The folders of a driver's sources. */
export interface DriverSources {
  readonly runtime: string;
  readonly driver: string;
}

/**
 * Builds the driver that runs Scala jobs in a process that stays, and the runtime that projects have, too.
 *
 * Errors: `launch/scala-compiler-missing`, `launch/scala-not-compiled`; the signal's reason where it is aborted.
 */
export function buildDriver(sources: DriverSources, tools: Toolchain): Promise<Result<BuiltJars>> {
  return buildWith(tools, sources.driver, async ({ makeKept }) => {
    const runtime = await makeKept({ ...listFolder(sources.runtime), jars: [] });
    const jar = await makeKept({ ...listFolder(sources.driver), jars: [runtime] });
    return { jar, jars: [runtime] };
  });
}

function listFolder(folder: string): { readonly sourceFolder: string; readonly sources: readonly string[] } {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sources = paths.filter((path) => path.endsWith(".scala")).sort();
  return { sourceFolder: folder, sources: sources.map((path) => join(folder, path)) };
}
