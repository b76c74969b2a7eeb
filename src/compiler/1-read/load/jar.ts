import { buffer } from "node:stream/consumers";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { limits } from "../limits.js";
import type { BundleFiles } from "./bundle-files.js";
import { isRefusal, refuse } from "./refusal.js";

const zipMagic = [0x50, 0x4b];
const ownFolder = "BEAM-PIPELINE/";

/** Whether bytes begin as a zip or jar does. */
export function isZip(head: Uint8Array): boolean {
  return zipMagic.every((byte, index) => head[index] === byte);
}

/**
 * The files of a jar below `BEAM-PIPELINE/`. What else it holds, often a whole runner, is neither kept nor read.
 * Refuses a jar that is damaged, and one whose entries have names that lead out of it.
 */
export async function openJar(path: string): Promise<BundleFiles> {
  const entries = await withJar(path, listEntries);
  return {
    size: async (name) => entries.get(name)?.uncompressedSize ?? null,
    read: async (name, limit) => {
      const entry = entries.get(name);
      if (entry === undefined) return null;
      const size = entry.uncompressedSize;
      if (size > limit) refuse("read/too-large", {}, { what: name, size, limit });
      // The reader stops a stream that turns out longer than its entry said.
      return withJar(path, async (jar) => buffer(await jar.openReadStreamPromise(entry)));
    },
  };
}

async function listEntries(jar: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (jar.entryCount > limits.jarEntries) {
    refuse(
      "read/bundle-invalid",
      {},
      { reason: `it has ${jar.entryCount} entries, more than ${limits.jarEntries}` },
    );
  }
  const entries = new Map<string, Entry>();
  for await (const entry of jar.eachEntry()) {
    if (entry.fileName.startsWith(ownFolder)) entries.set(entry.fileName, entry);
  }
  return entries;
}

async function withJar<T>(path: string, use: (jar: ZipFile) => Promise<T>): Promise<T> {
  try {
    const jar = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false });
    try {
      return await use(jar);
    } finally {
      jar.close();
    }
  } catch (error) {
    if (isRefusal(error) || !(error instanceof Error) || "syscall" in error) throw error;
    refuse("read/bundle-invalid", {}, { reason: `the jar is damaged: ${error.message}` });
  }
}
