import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { JobState } from "../beam/protos/types/job.js";
import { currentState, isTerminal, type Job } from "./job.js";

/** What a service keeps: of jobs that have ended, of those that were never run, and of an ended job's folder. */
export const historyLimits = { ended: 200, prepared: 200, folderMilliseconds: 10 * 60_000 } as const;

/** What a service remembers of its jobs, within limits. */
export interface JobHistory {
  /** To be called when a job was prepared or has ended: forgets the oldest ones beyond the limits. */
  trim(): void;
  /** To be called when a job has ended: deletes its folder after a while, in which somebody may look into it. */
  keepFolder(folder: string): void;
  close(): void;
}

/** A history over a service's jobs. With a job go the staged files that no other job has. */
export function createJobHistory(
  jobs: Map<string, Job>,
  artifactFolder: string,
  limits: { readonly [K in keyof typeof historyLimits]: number } = historyLimits,
): JobHistory {
  const timers = new Map<string, NodeJS.Timeout>();
  const removeFolder = (folder: string): void => {
    timers.delete(folder);
    void rm(folder, { recursive: true, force: true });
  };
  return {
    trim() {
      const isOfState = (wanted: (state: JobState) => boolean) => (job: Job) =>
        wanted(currentState(job).state);
      const all = [...jobs.values()];
      const ended = all.filter(isOfState(isTerminal));
      const prepared = all.filter(isOfState((state) => state === JobState.STOPPED));
      const forgotten = [
        ...ended.slice(0, Math.max(0, ended.length - limits.ended)),
        ...prepared.slice(0, Math.max(0, prepared.length - limits.prepared)),
      ];
      for (const job of forgotten) jobs.delete(job.id);
      const kept = new Set([...jobs.values()].flatMap(({ files }) => [...files]));
      for (const sha256 of new Set(forgotten.flatMap(({ files }) => [...files]))) {
        // At once: a job that stages the same content meanwhile must not find it deleted afterwards.
        if (!kept.has(sha256)) removeFile(join(artifactFolder, sha256));
      }
    },
    keepFolder(folder) {
      timers.set(
        folder,
        setTimeout(() => removeFolder(folder), limits.folderMilliseconds),
      );
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Somebody else's doing, in a folder that the user has named; it goes with that folder.
  }
}
