import { isLocalMaster } from "../launcher/spark-settings.js";
import type { JudgedPipeline } from "./judge-pipeline.js";

/**
 * How the tasks of a job with workers start the Fn API host on this machine, and it its workers.
 *
 * A program in LOOPBACK gets one host, unless the user has said how many: the SDKs of Go and Java have one log in a
 * process, and so one host is told what is logged for the tasks of all.
 *
 * @param settings the names of all that is set of Spark
 */
export function listHostArguments(
  { master, workers, isLoopback }: Pick<JudgedPipeline, "master" | "workers" | "isLoopback">,
  settings: ReadonlySet<string>,
): readonly string[] {
  return [
    ...(isLocalMaster(master) ? ["--node", process.execPath] : []),
    ...(workers === null ? [] : ["--workers", workers]),
    ...(isLoopback && !settings.has("spark.beam2spark.hosts") ? ["--hosts", "1"] : []),
  ];
}
