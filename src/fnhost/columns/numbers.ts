import { MalformedElementError } from "../bytes/byte-reader.js";
import type { ByteWriter } from "../bytes/byte-writer.js";
import { type ColumnData, halvesOf } from "./column-data.js";

/** The whole number in a row of a decimal column: 128 bits, the lowest byte first, with a sign. */
export function decimalAt({ values, offset }: ColumnData, row: number): bigint {
  const view = new DataView(values!.buffer, values!.byteOffset + (row + offset) * 16, 16);
  return (view.getBigInt64(8, true) << 64n) | view.getBigUint64(0, true);
}

/** Reads the rows of a column of totals and counts, each as the double that Python's division gives. */
export function readQuotients({ children: [total, count] }: ColumnData): (row: number) => number {
  const counts = halvesOf(count!);
  return (row) => {
    const at = (row + count!.offset) * 2;
    return divide(decimalAt(total!, row), BigInt(counts[at]! >>> 0) + (BigInt(counts[at + 1]!) << 32n));
  };
}

export function fitsInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** Writes a whole number as Beam's varint coder does. Errors: MalformedElementError over 64 bits. */
export function writeInt64(value: bigint, out: ByteWriter): void {
  if (!fitsInt64(value)) throw new MalformedElementError(`${value} is an int of more than 64 bits`);
  out.varint64(Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn));
}

const doubleView = new DataView(new ArrayBuffer(8));

/** Writes a double as Beam's double coder does: the highest byte first. */
export function writeDouble(value: number, out: ByteWriter): void {
  doubleView.setFloat64(0, value);
  out.int64(doubleView.getInt32(4), doubleView.getInt32(0));
}

/** The nearest double of a quotient, as Python's division of ints gives it: halves go to the even one. */
export function divide(total: bigint, count: bigint): number {
  if (total === 0n) return 0;
  const sign = total < 0n !== count < 0n ? -1 : 1;
  const dividend = total < 0n ? -total : total;
  const divisor = count < 0n ? -count : count;
  // 66 bits of the quotient or more, so that the last of them and the rest decide how it is rounded.
  const shift = 66 - (dividend.toString(2).length - divisor.toString(2).length);
  const [scaled, scale] =
    shift > 0 ? [dividend << BigInt(shift), divisor] : [dividend, divisor << BigInt(-shift)];
  const quotient = scaled / scale;
  const isInexact = scaled % scale !== 0n;
  // Number() rounds to the even double; a rest below all bits only breaks ties.
  return sign * Number((quotient << 1n) | (isInexact ? 1n : 0n)) * 2 ** -(shift + 1);
}
