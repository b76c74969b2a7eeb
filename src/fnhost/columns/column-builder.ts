import type { ByteReader } from "../bytes/byte-reader.js";
import type { BinaryBuilder } from "./binary-builder.js";
import type { BuiltColumn } from "./built-column.js";

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
