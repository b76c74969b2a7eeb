import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Jars that Maven writes beside the one that is wanted. */
const others = /^original-|-(sources|javadoc|tests)\.jar$/;

/**
 * The jar that `mvn package` has left in a project, if it is newer than all of these files. In: the project's folder, the
 * paths of what it is made of.
 */
export function findMavenJar(projectDirectory: string, sources: readonly string[]): string | null {
  const folder = join(projectDirectory, "target");
  if (!existsSync(folder)) return null;
  const jars = readdirSync(folder)
    .filter((name) => name.endsWith(".jar") && !others.test(name))
    .map((name) => ({ path: join(folder, name), time: modifiedAt(join(folder, name)) }))
    .sort((left, right) => right.time - left.time);
  const [newest] = jars;
  if (newest === undefined) return null;
  return sources.every((source) => modifiedAt(source) < newest.time) ? newest.path : null;
}

function modifiedAt(file: string): number {
  return statSync(file).mtimeMs;
}
