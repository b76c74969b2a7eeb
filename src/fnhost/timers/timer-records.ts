import { ByteReader, MalformedElementError } from "../bytes/byte-reader.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import { hex } from "../bytes/hex.js";
import { passPane } from "../columns/read-panes.js";
import { passWindow } from "../columns/read-windows.js";
import { passValue } from "../columns/reencode.js";
import type { StageEdge } from "../worker-stage.js";

/** A timer that a worker has set or cleared, for one key and window. */
export interface TimerRecord {
  /** The bytes of its key and window, as it is filed. */
  readonly owner: string;
  readonly tag: string;
  /** Null where it is cleared. */
  readonly set: SetTimer | null;
}

/** When a timer is due, and what its worker is then sent. */
export interface SetTimer {
  /** Milliseconds in two halves whose unsigned order is that of times. */
  readonly high: number;
  readonly low: number;
  readonly bytes: Uint8Array;
}

/**
 * Reads timers (`beam_runner_api.proto`, StandardCoders, TIMER): key, tag, windows, whether it is cleared, and if not
 * when it fires, where it holds the output back, and a pane. One of several windows is one timer for each.
 *
 * Errors: MalformedElementError.
 */
export function readTimers(bytes: Uint8Array, edge: StageEdge): readonly TimerRecord[] {
  const source = new ByteReader(bytes);
  const timers: TimerRecord[] = [];
  while (!source.isAtEnd) timers.push(...readTimer(source, edge));
  return timers;
}

function readTimer(source: ByteReader, edge: StageEdge): readonly TimerRecord[] {
  const { source: bytes } = source;
  const keyStart = source.position;
  passValue(edge.value.parts[0]!, source);
  const tagStart = source.position;
  const tagLength = source.length();
  const tagText = source.skip(tagLength);
  const tag = Buffer.from(bytes.subarray(tagText, tagText + tagLength)).toString("utf8");
  const windowsStart = source.position;
  const count = source.int32();
  if (count < 0) throw new MalformedElementError("a timer with an unknown number of windows");
  const windows = Array.from({ length: count }, () => {
    const start = source.position;
    passWindow(edge.window, source);
    return bytes.subarray(start, source.position);
  });
  const restStart = source.position;
  const isCleared = source.byte() !== 0;
  const due = isCleared ? null : readDueTime(source);
  const key = bytes.subarray(keyStart, tagStart);
  const rest = bytes.subarray(restStart, source.position);
  return windows.map((window) => {
    const owner = `${hex(key)} ${hex(window)}`;
    if (due === null) return { owner, tag, set: null };
    const out = new ByteWriter(64);
    out.bytes(bytes.subarray(keyStart, windowsStart));
    out.int32(1);
    out.bytes(window);
    out.bytes(rest);
    return { owner, tag, set: { ...due, bytes: out.take() } };
  });
}

function readDueTime(source: ByteReader): { readonly high: number; readonly low: number } {
  source.int64();
  const due = { high: source.high >>> 0, low: source.low >>> 0 };
  source.skip(8);
  passPane(source);
  return due;
}
