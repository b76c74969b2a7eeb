import { existsSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";

/** The Scala sources of a project, as absolute paths in order. */
export interface ProjectSources {
  /** The runtime's, which are the same in every project of one beam2spark unless somebody has changed them. */
  readonly runtime: readonly string[];
  /** The job's own. */
  readonly job: readonly string[];
}

/** Where a project's Scala sources lie. */
export const sourceFolder = join("src", "main", "scala");

const runtimeFolder = `beam2spark${sep}`;

/** Lists the Scala sources of a project's folder; it may have none. */
export function listSources(projectDirectory: string): ProjectSources {
  const folder = join(projectDirectory, sourceFolder);
  const paths = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const sources = paths.filter((path) => path.endsWith(".scala")).sort();
  const [runtime, job] = [true, false].map((wanted) =>
    sources.filter((path) => path.startsWith(runtimeFolder) === wanted).map((path) => join(folder, path)),
  );
  return { runtime: runtime!, job: job! };
}
