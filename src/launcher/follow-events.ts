import { closeSync, openSync, readSync } from "node:fs";
import type { LaunchEvent } from "./launch-event.js";

const interval = 100;
const chunkSize = 64 * 1024;

/**
 * Reads a file that another process appends lines of JSON to, while it grows.
 *
 * In: the file, which need not exist yet, and what to do with each event. Out: a function that reads what is left
 * and stops. A last line without its end is not an event yet; a line that is no JSON is left out.
 */
export function followEvents(file: string, onEvent: (event: LaunchEvent) => void): () => void {
  let descriptor: number | null = null;
  let rest = Buffer.alloc(0);
  const chunk = Buffer.alloc(chunkSize);
  const read = (): void => {
    if (descriptor === null) {
      try {
        descriptor = openSync(file, "r");
      } catch {
        return;
      }
    }
    for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
      rest = Buffer.concat([rest, chunk.subarray(0, length)]);
      for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
        const event = parseEvent(rest.subarray(0, end).toString("utf8"));
        rest = rest.subarray(end + 1);
        if (event !== null) onEvent(event);
      }
    }
  };
  const timer = setInterval(read, interval);
  return () => {
    clearInterval(timer);
    read();
    if (descriptor !== null) closeSync(descriptor);
  };
}

function parseEvent(line: string): LaunchEvent | null {
  try {
    return JSON.parse(line) as LaunchEvent;
  } catch {
    return null;
  }
}
