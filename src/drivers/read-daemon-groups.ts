import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the daemon of a driver's Python workers says who it is (worker_daemon.py). */
const daemonFile = "worker-daemon.pid";

/**
 * The process groups of a driver's workers. Spark's daemon makes a group of its own for itself and its workers, so
 * that they are not in the driver's. In: the driver's temporary folder, if it has one.
 */
export function readDaemonGroups(folder: string | undefined): readonly number[] {
  if (folder === undefined) return [];
  let text: string;
  try {
    text = readFileSync(join(folder, daemonFile), "utf8");
  } catch {
    return [];
  }
  // A group 0 would be our own, and 1 everybody's.
  return [...new Set(text.split(/\s+/).map(Number))].filter((id) => Number.isSafeInteger(id) && id > 1);
}
