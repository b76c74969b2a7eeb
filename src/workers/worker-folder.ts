import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

/** The folder of one worker: its working directory, and what is staged for it. */
export interface WorkerFolder {
  readonly path: string;
  /** For its temporary files. */
  readonly temporary: string;
  remove(): Promise<void>;
}

/** Makes a folder among those of workers, which only this user can look into. Errors: those of the file system. */
export async function makeWorkerFolder(parent: string, prefix = "worker-"): Promise<WorkerFolder> {
  const path = await mkdtemp(join(parent, prefix));
  const temporary = join(path, "temporary");
  await mkdir(temporary);
  return { path, temporary, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
