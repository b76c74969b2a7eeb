import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { basename, join, relative } from "node:path";
import { type Compilation, compilerFlags, compileSources } from "./compile-sources.js";

/** Jars that nobody has used for so long go. */
const keptMilliseconds = 30 * 24 * 3_600_000;

/** What is compiled, and where results are kept. */
export interface KeptJarRequest extends Omit<Compilation, "output"> {
  /** The folder that the sources lie in. */
  readonly sourceFolder: string;
  readonly sparkVersion: string;
  /** The folder of earlier results (`openCacheFolder`), null for none. */
  readonly cacheFolder: string | null;
  /** Where the jar goes if it can't be kept. */
  readonly workFolder: string;
}

/**
 * A jar of sources that many projects have in common: the one that was compiled before from the same sources for the
 * same Scala and Spark, else a new one, which is kept for the next time. The jars that it is compiled against are of
 * this function, too: their names say what is in them.
 *
 * A jar is in its place when it is whole, so that several may look for it and make it at once. Out: its path. Errors:
 * those of `compileSources`.
 */
export async function makeKeptJar(request: KeptJarRequest): Promise<string> {
  const kept = request.cacheFolder === null ? null : openFolder(join(request.cacheFolder, "scala"));
  const name = `${digest(request)}.jar`;
  if (kept !== null && isThere(join(kept, name))) return join(kept, name);
  const folder = mkdtempSync(join(kept ?? request.workFolder, "making-"));
  const output = join(folder, "made.jar");
  try {
    await compileSources({ ...request, output });
    if (kept !== null) flush(output);
    const place = join(kept ?? request.workFolder, name);
    renameSync(output, place);
    if (kept !== null) removeOld(kept);
    return place;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openFolder(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    return null;
  }
}

function digest({ compiler, sparkVersion, sources, sourceFolder, jars }: KeptJarRequest): string {
  const hash = createHash("sha256");
  const names = jars.map((jar) => basename(jar));
  hash.update(JSON.stringify([compiler.scalaVersion, sparkVersion, compilerFlags, names]));
  for (const source of sources) {
    const content = readFileSync(source);
    hash.update(JSON.stringify([relative(sourceFolder, source), content.length]));
    hash.update(content);
  }
  return hash.digest("hex");
}

/** Whether a kept jar is there; whoever asks is going to use it. */
function isThere(jar: string): boolean {
  if (!existsSync(jar)) return false;
  try {
    utimesSync(jar, new Date(), new Date());
  } catch {
    // It can be read all the same, or has just gone.
  }
  return existsSync(jar);
}

// A name that outlives a power failure must not outlive its content.
function flush(file: string): void {
  const descriptor = openSync(file, "r+");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    try {
      if (Date.now() - statSync(path).mtimeMs > keptMilliseconds)
        rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else has removed it.
    }
  }
}
