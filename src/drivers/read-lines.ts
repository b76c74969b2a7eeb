import type { Readable } from "node:stream";

/**
 * Hands the lines of a stream on as they come; what follows the last line's end is none.
 *
 * In: the most bytes that a line may have; beyond, `onOverflow` is called once and the rest is not read.
 */
export function readLines(
  stream: Readable,
  limit: number,
  onLine: (line: string) => void,
  onOverflow: () => void,
): void {
  let parts: Buffer[] = [];
  let length = 0;
  let isOver = false;
  stream.on("data", (chunk: Buffer) => {
    if (isOver) return;
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      onLine(Buffer.concat(parts).toString("utf8"));
      parts = [];
      length = 0;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length <= limit) return;
    isOver = true;
    parts = [];
    onOverflow();
  });
}
