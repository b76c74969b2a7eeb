import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { escapeText } from "../diagnostics/format.js";
import type { FailedEvent } from "./launch-event.js";

const tailBytes = 64 * 1024;
const tailLines = 25;
const chatter =
  /^\S+ \S+ (INFO|WARN|DEBUG) |^WARNING: |^Using |^Setting default log level|^To adjust logging|^NOTE: Picked up /;

/** The frames of a Java stack: what they lead to stands above them. */
const javaFrames = /^\s+(at [\w.$/]+[(<]|\.\.\. \d+ more)/;

/** The last lines of Spark's log that are more than chatter and Java's frames; empty where there are none. */
export function readTroubles(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return "";
  }
  const { size } = fstatSync(descriptor);
  const buffer = Buffer.alloc(Math.min(size, tailBytes));
  readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
  closeSync(descriptor);
  const lines = buffer.toString("utf8").trimEnd().split("\n");
  return lines
    .filter((line) => !chatter.test(line) && !javaFrames.test(line))
    .slice(-tailLines)
    .join("\n");
}

/**
 * A job's failure for its user: the user's own traceback, then what failed where, in the form of a diagnostic, and
 * where the log is. Without a word from the job, the troubles in Spark's log stand for the traceback.
 */
export function formatFailure(failed: FailedEvent | null, logFile: string, status: string): string {
  const said = failed === null ? readTroubles(logFile) : (failed.traceback ?? "").trimEnd();
  const lines =
    said === "" ? [] : said.split("\n").map((line) => escapeText(line.trimEnd().replaceAll("\t", "    ")));
  lines.push(`error ${escapeText(failed?.code ?? "run/job-failed")}`);
  if (failed?.transform != null) lines.push(`  at   ${escapeText(failed.transform)}`);
  lines.push(`  why  ${escapeText(failed?.message ?? `the job ended with ${status} and gave no reason`)}`);
  if (failed?.hint != null) lines.push(`  hint ${escapeText(failed.hint)}`);
  lines.push(`  log  ${logFile}`);
  return `${lines.join("\n")}\n`;
}
