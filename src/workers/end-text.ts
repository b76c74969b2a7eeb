import type { WorkerEnd } from "./worker-order.js";

const start = "the worker has ended with ";

/** How a pool says that a worker has ended: the cause in the first line, and then the end of its output. */
export function writeEnd({ how, output }: WorkerEnd): string {
  return output === "" ? `${start}${how}` : `${start}${how}\n${output}`;
}

/** Reads it again; null for anything else. */
export function readEnd(text: string): WorkerEnd | null {
  if (!text.startsWith(start)) return null;
  const [how = "", ...output] = text.slice(start.length).split("\n");
  return { how, output: output.join("\n") };
}
