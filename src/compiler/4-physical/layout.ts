import type { IntegerEncoding } from "../../beam/recognise/integer-coder.js";

/**
 * How the elements of one PCollection lie in the columns of a DataFrame.
 *
 * The value's columns are named by its outermost shape: a KV has `key` and `value`, anything else has
 * `value`. Metadata columns (`timestamp`; `window_start` and `window_end`; `pane`) are there only where the
 * plan can't prove them constant and somebody downstream can read them.
 *
 * A typed column is a coder round trip: the element that comes back is the one that Beam would have decoded.
 */
export type ValueLayout =
  /** Python `bytes`: `binary`. */
  | { readonly kind: "bytes" }
  /** Python `str`: `string`. */
  | { readonly kind: "utf8" }
  /** `boolean`. */
  | { readonly kind: "bool" }
  /** 64-bit signed integer, as Beam's varint coder takes it: `bigint`. */
  | { readonly kind: "varint" }
  /**
   * A 64-bit signed integer for Spark's own operators, in an integer coder of an SDK's own for the workers: `bigint`.
   * `coder` is an id in the stage's descriptor.
   */
  | {
      readonly kind: "coded-integer";
      readonly coder: string;
      readonly encoding: Exclude<IntegerEncoding, "varint">;
    }
  /** `double`. */
  | { readonly kind: "double" }
  /** A Python int of any size that a native sum made: `decimal(38,0)`. */
  | { readonly kind: "integer" }
  /** A mean of ints, divided exactly by the reader: `struct<total: decimal(38,0), count: bigint>`. */
  | { readonly kind: "quotient" }
  /**
   * A dictionary that a native read made: a `struct` of the columns that its files turn out to have, or `binary` where
   * Beam's own reader reads them. Only that read makes it.
   */
  | { readonly kind: "record" }
  /** The bytes of a Beam coder in the outer context: `binary`. `coder` is an id in the stage's descriptor. */
  | { readonly kind: "encoded"; readonly coder: string }
  /** `None`, or the value: the value's own column, null for `None`. Never directly around another nullable. */
  | { readonly kind: "nullable"; readonly value: ValueLayout }
  /** A list of values: `array<…>`. */
  | { readonly kind: "iterable"; readonly element: ValueLayout }
  /** A pair: two columns at the top, else `struct<key, value>`. */
  | { readonly kind: "kv"; readonly key: ValueLayout; readonly value: ValueLayout };

/** Where a row's event time (milliseconds) comes from. */
export type TimestampLayout =
  | { readonly kind: "constant"; readonly millis: string }
  | { readonly kind: "column" }
  /** The window's maximum timestamp. */
  | { readonly kind: "end-of-window" }
  /** Nobody downstream can read it. */
  | { readonly kind: "dropped" };

/** Where a row's window comes from. One row has one window: elements in several windows are several rows. */
export type WindowLayout =
  | { readonly kind: "global" }
  /** `window_start bigint, window_end bigint`, milliseconds, end exclusive. */
  | { readonly kind: "interval" }
  /** `window binary`: the bytes of the window coder, an id in the stage's descriptor. */
  | { readonly kind: "encoded"; readonly coder: string }
  | { readonly kind: "dropped" };

/** Where a row's pane comes from. `bytes` is Beam's pane encoding in hexadecimal, "0f" for no firing. */
export type PaneLayout =
  | { readonly kind: "constant"; readonly bytes: string }
  | { readonly kind: "column" }
  | { readonly kind: "dropped" };

export interface Layout {
  readonly value: ValueLayout;
  readonly timestamp: TimestampLayout;
  readonly window: WindowLayout;
  readonly pane: PaneLayout;
}
