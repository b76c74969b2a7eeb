import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { JobState } from "../beam/protos/types/job.js";
import { currentState, isTerminal, type Job } from "./job.js";
import { measureFolder } from "./measure-folder.js";

/**
 * What a service keeps: of jobs that have ended and of those that were never run, how many and how many bytes of each
 * kind; of the folders of ended jobs, how long and how many bytes.
 */
export const historyLimits = {
  ended: 200,
  prepared: 200,
  bytes: 256 * 2 ** 20,
  folderMilliseconds: 10 * 60_000,
  folderBytes: 2 ** 30,
} as const;

/** What a service remembers of its jobs, within limits. */
export interface JobHistory {
  /** To be called when a job was prepared or has ended: forgets the oldest ones beyond the limits. */
  trim(): void;
  /**
   * To be called when a job has ended: deletes its folder after a while, in which somebody may look into it, or when
   * newer ones need its room.
   */
  keepFolder(folder: string): Promise<void>;
  /** What is kept then is not deleted any more: it goes with the folder that holds it. */
  close(): void;
}

/** A history over a service's jobs. With a job go the staged files that no other job has. */
export function createJobHistory(
  jobs: Map<string, Job>,
  artifactFolder: string,
  limits: { readonly [K in keyof typeof historyLimits]: number } = historyLimits,
): JobHistory {
  const folders = new Map<string, { readonly timer: NodeJS.Timeout; readonly size: number }>();
  let isClosed = false;
  const removeFolder = async (folder: string): Promise<void> => {
    clearTimeout(folders.get(folder)?.timer);
    folders.delete(folder);
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  };
  return {
    trim() {
      const isOfState = (wanted: (state: JobState) => boolean) => (job: Job) =>
        wanted(currentState(job).state);
      const all = [...jobs.values()];
      const ended = all.filter(isOfState(isTerminal));
      const prepared = all.filter(isOfState((state) => state === JobState.STOPPED));
      const forgotten = [
        ...listOldest(ended, limits.ended, limits.bytes),
        ...listOldest(prepared, limits.prepared, limits.bytes),
      ];
      for (const job of forgotten) jobs.delete(job.id);
      const kept = new Set([...jobs.values()].flatMap(({ files }) => [...files]));
      for (const sha256 of new Set(forgotten.flatMap(({ files }) => [...files]))) {
        // At once: a job that stages the same content meanwhile must not find it deleted afterwards.
        if (!kept.has(sha256)) removeFile(join(artifactFolder, sha256));
      }
    },
    async keepFolder(folder) {
      const size = await measureFolder(folder);
      if (isClosed) return;
      const timer = setTimeout(() => void removeFolder(folder), limits.folderMilliseconds);
      timer.unref();
      folders.set(folder, { timer, size });
      let total = [...folders.values()].reduce((sum, kept) => sum + kept.size, 0);
      for (const [oldest, kept] of [...folders]) {
        if (total <= limits.folderBytes) break;
        total -= kept.size;
        await removeFolder(oldest);
      }
    },
    close() {
      isClosed = true;
      for (const { timer } of folders.values()) clearTimeout(timer);
    },
  };
}

/** The oldest jobs, beyond which the others are within a number and a size. The last job is never among them. */
function listOldest(jobs: readonly Job[], count: number, bytes: number): readonly Job[] {
  let size = 0;
  const first = jobs.findLastIndex((job, index) => {
    size += sizeOf(job);
    return jobs.length - index > count || (size > bytes && index < jobs.length - 1);
  });
  return jobs.slice(0, first + 1);
}

function sizeOf({ pipeline, metrics, events }: Job): number {
  return metrics.reduce((size, metric) => size + metric.length, pipeline.length + events.characters);
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Somebody else's doing, in a folder that the user has named; it goes with that folder.
  }
}
