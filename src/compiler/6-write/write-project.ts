import { mkdir, mkdtemp, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { diagnose } from "../../diagnostics/diagnose.js";
import type { Result } from "../../diagnostics/diagnostic.js";
import { InvariantError } from "../../diagnostics/invariant.js";
import type { SourceFile } from "../5-emit/source-file.js";

/** Files that, together, say that a folder is a project of ours and may be replaced. */
const projectMarks = ["plan.json", "PLAN.txt", "beam2spark_runtime"];

/**
 * Writes a project's files into a folder, all or none: they are written beside it and then renamed into place.
 *
 * In: the files, and the folder, which is made, or replaced when it is empty, a project of ours, or `force` says
 * so. Out: the folder's absolute path. Errors: `write/…`; an InvariantError for a path that would leave the folder
 * or comes twice, since those paths are the compiler's own.
 */
export async function writeProject(
  files: readonly SourceFile[],
  folder: string,
  { force }: { readonly force: boolean },
): Promise<Result<string>> {
  checkPaths(files);
  const target = await findTarget(folder);
  const refused = await refuseTarget(target, force);
  if (refused !== null) {
    return { ok: false, diagnostics: [diagnose(refused, { path: folder }, {})] };
  }
  try {
    await mkdir(dirname(target), { recursive: true });
    // In the same parent, so that the rename stays within one file system.
    const fresh = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
    try {
      const content = join(fresh, "new");
      await writeFiles(files, content);
      await replaceFolder(content, target, join(fresh, "old"));
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
    return { ok: true, value: target, warnings: [] };
  } catch (error) {
    const reason = (error as Error).message;
    return { ok: false, diagnostics: [diagnose("write/failed", { path: folder }, { reason })] };
  }
}

async function findTarget(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    return resolve(folder);
  }
}

function checkPaths(files: readonly SourceFile[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    const parts = path.split("/");
    const leaves =
      parts.some((part) => part === "" || part === "." || part === "..") || /[\\\0]|^[A-Za-z]:/.test(path);
    if (leaves) throw new InvariantError("6-write", `the path ${JSON.stringify(path)} leaves the project`);
    if (seen.has(path)) throw new InvariantError("6-write", `the path ${JSON.stringify(path)} comes twice`);
    seen.add(path);
  }
}

async function refuseTarget(
  target: string,
  force: boolean,
): Promise<"write/not-a-folder" | "write/folder-not-empty" | "write/folder-too-wide" | null> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(target)).isDirectory();
  } catch {
    return null;
  }
  if (!isFolder) return "write/not-a-folder";
  const names = await readdir(target);
  const isProject = projectMarks.every((mark) => names.includes(mark));
  if (names.length === 0 || isProject) return null;
  if (!force) return "write/folder-not-empty";
  return [process.cwd(), homedir()].some((kept) => isWithin(kept, target)) ? "write/folder-too-wide" : null;
}

function isWithin(path: string, folder: string): boolean {
  return relative(folder, path).split(/[/\\]/)[0] !== "..";
}

async function writeFiles(files: readonly SourceFile[], folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  for (const parent of new Set(files.map(({ path }) => dirname(path)))) {
    await mkdir(join(folder, parent), { recursive: true });
  }
  for (const { path, content } of files) await writeFile(join(folder, path), content);
}

async function replaceFolder(content: string, target: string, aside: string): Promise<void> {
  let hadOld = true;
  try {
    await rename(target, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    hadOld = false;
  }
  try {
    await rename(content, target);
  } catch (error) {
    if (hadOld) await rename(aside, target);
    throw error;
  }
}
