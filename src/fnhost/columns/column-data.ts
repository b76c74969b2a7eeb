/** One Arrow column as its buffers lie: `offset` rows of them are passed over. */
export interface ColumnData {
  readonly length: number;
  readonly offset: number;
  /** A bit for each row, the lowest first; null where no row is null. */
  readonly validity: Uint8Array | null;
  /** Where each row's bytes or elements begin, and one more: for binary, string and list columns. */
  readonly offsets: Int32Array | null;
  /** The values of a column of fixed width, or all bytes of a binary or string column. */
  readonly values: Uint8Array | null;
  /** The columns of a struct, or the elements of a list. */
  readonly children: readonly ColumnData[];
}

/** Whether a row has a value. */
export function isValid(column: ColumnData, row: number): boolean {
  if (column.validity === null) return true;
  const bit = row + column.offset;
  return ((column.validity[bit >> 3]! >> (bit & 7)) & 1) === 1;
}

/** The values of a column of 64 bits as halves: low and high by turns, as they lie in Arrow's buffers. */
export function halvesOf({ values }: ColumnData): Int32Array {
  const bytes = values!;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
}

/** The values of the rows of a column of 64 bits. */
export function int64sOf({ values, offset, length }: ColumnData): BigInt64Array {
  const bytes = values!.subarray(offset * 8, (offset + length) * 8);
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  return new BigInt64Array(aligned.buffer, aligned.byteOffset, length);
}
