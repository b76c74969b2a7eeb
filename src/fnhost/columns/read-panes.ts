import type { ByteReader } from "../bytes/byte-reader.js";

/**
 * Passes over a pane: the high half of its first byte says how many numbers follow, none, its index, or both indices
 * (`beam_runner_api.proto`, WINDOWED_VALUE).
 */
export function passPane(source: ByteReader): void {
  const numbers = source.byte() >> 4;
  for (let index = 0; index < numbers; index++) source.varint64();
}
