import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The folder of what this user's compilations have in common, made where it isn't there; null where there is none that
 * this user alone can write to: what lies in it is run.
 *
 * It is `beam2spark` under XDG_CACHE_HOME, else under `~/.cache` (https://specifications.freedesktop.org/basedir-spec).
 */
export function openCacheFolder(environment: NodeJS.ProcessEnv): string | null {
  const { XDG_CACHE_HOME: given = "", HOME: home = homedir() } = environment;
  const parent = isAbsolute(given) ? given : join(home, ".cache");
  if (!isAbsolute(parent)) return null;
  const folder = join(parent, "beam2spark");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (!found.isDirectory()) return null;
    // Windows knows no owners of this kind; there the user's own folders are private.
    if (process.getuid === undefined) return folder;
    if (found.uid !== process.getuid()) return null;
    if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return folder;
  } catch {
    return null;
  }
}
