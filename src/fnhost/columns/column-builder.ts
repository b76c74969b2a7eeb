import type { ByteReader } from "../bytes/byte-reader.js";
import type { BinaryBuilder } from "./binary-builder.js";

/** Buffers of a column that was built, as Arrow has them. */
export interface BuiltColumn {
  readonly length: number;
  readonly nullCount: number;
  readonly validity: Uint8Array | null;
  readonly offsets: Int32Array | null;
  readonly values: Uint8Array | null;
  readonly children: readonly BuiltColumn[];
}

/** Takes values of a Beam coder, one after the other, and gives them as a column. */
export interface ColumnBuilder {
  /** Takes the next value. Errors: MalformedElementError. */
  read(source: ByteReader, isNested: boolean): void;
  /** Takes a null: the value of a row that this column has no part in. */
  skip(): void;
  /** Where nested values go that are bytes with their length before them; none for others. */
  readonly binary?: BinaryBuilder;
  /** Bytes so far, about. */
  readonly size: number;
  /** The column; the builder is empty again. */
  finish(): BuiltColumn;
}
