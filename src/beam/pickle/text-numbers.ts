import type { PickleCursor } from "./pickle-cursor.js";
import { Unreadable } from "./unreadable.js";

/** The value of a line that must be a decimal integer of at most `limit` digits, perhaps with a LONG's `L`. */
export function parseTextInteger(line: string, limit: number): bigint {
  const digits = line.endsWith("L") ? line.slice(0, -1) : line;
  if (digits.length > limit) throw new Unreadable("it has an integer that is too long");
  if (!/^[+-]?[0-9]+$/.test(digits)) throw new Unreadable("it has text where an integer is needed");
  return digits.startsWith("+") ? BigInt(digits.slice(1)) : BigInt(digits);
}

/** Reads the line of a PUT or a GET: the number of a stored value. */
export function readTextIndex(cursor: PickleCursor): number {
  return Number(parseTextInteger(cursor.readLine(), 10));
}

/** The value of a line that must be a decimal number as Python writes one, `inf` and `nan` included. */
export function parseTextFloat(line: string): number {
  if (/^[+-]?inf$/.test(line)) return line.startsWith("-") ? -Infinity : Infinity;
  if (/^[+-]?nan$/.test(line)) return Number.NaN;
  if (!/^[+-]?[0-9]+(\.[0-9]*)?(e[+-]?[0-9]+)?$/.test(line) || line.length > 400) {
    throw new Unreadable("it has text where a number is needed");
  }
  return Number(line);
}

/** The value of little-endian two's complement bytes; no bytes are zero. */
export function decodeLong(bytes: Buffer): bigint {
  if (bytes.length === 0) return 0n;
  const value = BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
  return BigInt.asIntN(bytes.length * 8, value);
}
