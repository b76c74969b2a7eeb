/** Buffers of a column that was built, as Arrow has them. */
export interface BuiltColumn {
  readonly length: number;
  readonly nullCount: number;
  readonly validity: Uint8Array | null;
  readonly offsets: Int32Array | null;
  readonly values: Uint8Array | null;
  readonly children: readonly BuiltColumn[];
}
