import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync } from "node:fs";

/** What a log may grow to, what is kept of it then, and how often it is looked at, in milliseconds. */
export const logLimits = { bytes: 64 * 2 ** 20, kept: 64 * 2 ** 10, interval: 10_000 } as const;

/**
 * Keeps a log that other processes append to from growing without end: beyond its limit only its end stays. What is
 * written while it is cut may be lost. Out: ends the watch.
 */
export function boundLog(
  file: string,
  limits: { readonly [K in keyof typeof logLimits]: number } = logLimits,
): () => void {
  const timer = setInterval(() => cutLog(file, limits), limits.interval);
  timer.unref();
  return () => clearInterval(timer);
}

function cutLog(file: string, { bytes, kept }: { readonly bytes: number; readonly kept: number }): void {
  try {
    if (statSync(file).size <= bytes) return;
    // Whoever appends goes on at the new end.
    const descriptor = openSync(file, "r+");
    try {
      const end = Buffer.alloc(kept);
      const length = readSync(descriptor, end, 0, kept, Math.max(0, fstatSync(descriptor).size - kept));
      ftruncateSync(descriptor);
      writeSync(descriptor, end, 0, length, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // A log that is gone needs no cutting.
  }
}
