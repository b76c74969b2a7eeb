import type { ByteWriter } from "../bytes/byte-writer.js";

/**
 * What an SDK counts time in, and so what it takes for the last moment before a window's end: Python's is a
 * microsecond before it, that of others a millisecond.
 */
export type Clock = "micros" | "millis";

/** The milliseconds of a timestamp as Beam's coders write them have their sign turned, so that bytes sort. */
export const signBit = 0x80000000;

/** Where the global window ends: a day before the end of time (`beam_runner_api.proto`, constants). */
const globalEnd = 9223371950454775n;

/** Writes milliseconds as a timestamp. */
export function writeMillis(millis: bigint, out: ByteWriter): void {
  out.int64(Number(BigInt.asIntN(32, millis)), Number(millis >> 32n) ^ signBit);
}

/** Writes the last moment of the global window as an element's timestamp. */
export function writeGlobalEnd(clock: Clock, out: ByteWriter): void {
  writeMillis(clock === "micros" ? globalEnd - 1n : globalEnd, out);
}

/**
 * Writes the last moment of an interval, whose end is given in halves, as an element's timestamp. A microsecond before
 * an end that is not after 1970 is that end itself once it is cut to milliseconds, towards zero.
 */
export function writeIntervalEnd(low: number, high: number, clock: Clock, out: ByteWriter): void {
  const isAfterEpoch = high > 0 || (high === 0 && low !== 0);
  if (clock === "micros" && !isAfterEpoch) out.int64(low, high ^ signBit);
  else out.int64((low - 1) | 0, (low === 0 ? high - 1 : high) ^ signBit);
}
