import { Binary, Bool, type DataType, Field, Float64, Int64, List, Schema, Struct, Utf8 } from "apache-arrow";
import type { Layout, ValueLayout } from "../../compiler/4-physical/layout.js";

/** Columns beside the value's that are bytes; others are milliseconds. */
const binaryMetadata: ReadonlySet<string> = new Set(["window", "pane"]);

/** The schema of rows of a layout, with these columns in their order. */
export function schemaOf(layout: Layout, names: Iterable<string>): Schema {
  const types = new Map<string, DataType>(valueTypes(layout.value));
  const fields = [...names].map(
    (name) =>
      new Field(name, types.get(name) ?? (binaryMetadata.has(name) ? new Binary() : new Int64()), true),
  );
  return new Schema(fields);
}

function valueTypes(layout: ValueLayout): readonly (readonly [string, DataType])[] {
  if (layout.kind !== "kv") return [["value", arrowType(layout)]];
  return [
    ["key", arrowType(layout.key)],
    ["value", arrowType(layout.value)],
  ];
}

/** The Arrow type of a column, as Spark and the Python runtime have it. */
function arrowType(layout: ValueLayout): DataType {
  switch (layout.kind) {
    case "bytes":
    case "encoded":
      return new Binary();
    case "utf8":
      return new Utf8();
    case "bool":
      return new Bool();
    case "varint":
    case "coded-integer":
      return new Int64();
    case "double":
      return new Float64();
    case "nullable":
      return arrowType(layout.value);
    case "iterable":
      return new List(new Field("element", arrowType(layout.element), true));
    case "kv":
      return new Struct([
        new Field("key", arrowType(layout.key), true),
        new Field("value", arrowType(layout.value), true),
      ]);
    case "integer":
    case "record":
    case "quotient":
      throw new Error(`no worker makes a column of kind ${layout.kind}`);
  }
}
