import { DataType, type Field, RecordBatchReader, type Schema } from "apache-arrow";

/** Which buffers a column has beside its validity, in Arrow's order ("Columnar Format", Physical Memory Layout). */
export type ColumnShape =
  | { readonly kind: "fixed" }
  | { readonly kind: "binary" }
  | { readonly kind: "list"; readonly element: ColumnShape }
  | { readonly kind: "struct"; readonly parts: readonly ColumnShape[] };

/** A column of a batch of rows. */
export interface NamedShape {
  readonly name: string;
  readonly shape: ColumnShape;
}

/**
 * The columns of a stream, from its schema's message on; null where one is of a type that no task sends, such as a
 * dictionary: Arrow's own reader then has to read the batches. Errors: those of that reader, for what is no schema.
 */
export function readShapes(stream: Uint8Array): readonly NamedShape[] | null {
  const { schema } = RecordBatchReader.from(stream).open() as { schema: Schema };
  const columns: NamedShape[] = [];
  for (const field of schema.fields) {
    const shape = shapeOf(field);
    if (shape === null) return null;
    columns.push({ name: field.name, shape });
  }
  return columns;
}

function shapeOf({ type }: Field): ColumnShape | null {
  if (DataType.isBinary(type) || DataType.isUtf8(type)) return { kind: "binary" };
  if (DataType.isBool(type) || DataType.isInt(type) || DataType.isFloat(type)) return { kind: "fixed" };
  if (DataType.isDecimal(type) || DataType.isTimestamp(type) || DataType.isDate(type))
    return { kind: "fixed" };
  if (DataType.isList(type)) {
    const element = shapeOf(type.children[0]!);
    return element === null ? null : { kind: "list", element };
  }
  if (DataType.isStruct(type)) {
    const parts = type.children.map(shapeOf);
    return parts.includes(null) ? null : { kind: "struct", parts: parts as ColumnShape[] };
  }
  return null;
}
