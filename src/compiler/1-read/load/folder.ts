import { open, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isPlainPath } from "../../../beam/staged-name.js";
import type { BundleFiles } from "./bundle-files.js";
import { refuse } from "./refusal.js";

/** The files of a folder. Symbolic links that lead out of it are as good as missing. */
export async function openFolder(folder: string): Promise<BundleFiles> {
  const root = await realpath(folder);
  const locate = async (path: string): Promise<string | null> => {
    if (!isPlainPath(path)) return null;
    try {
      const found = await realpath(join(root, path));
      const inside = relative(root, found);
      return inside.split(sep)[0] === ".." || !(await stat(found)).isFile() ? null : found;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };
  return {
    async size(path) {
      const found = await locate(path);
      return found === null ? null : (await stat(found)).size;
    },
    async read(path, limit) {
      const found = await locate(path);
      return found === null ? null : readWholeFile(found, path, limit);
    },
  };
}

/** Reads a file of at most `limit` bytes; `what` names it where it is larger. Throws errors of the file system. */
export async function readWholeFile(path: string, what: string, limit: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > limit) refuse("read/too-large", {}, { what, size, limit });
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The first bytes of a file, as many as there are up to `length`. Throws errors of the file system. */
export async function readHead(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Whether an error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
