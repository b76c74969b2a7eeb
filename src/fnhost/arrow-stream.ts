import {
  AsyncByteQueue,
  Binary,
  Bool,
  type Data,
  type DataType,
  Field,
  Float64,
  Int64,
  List,
  makeData,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
} from "apache-arrow";
import type { Layout, ValueLayout } from "../compiler/4-physical/layout.js";
import type { BatchColumns } from "./columns/batch-columns.js";
import type { BuiltColumn } from "./columns/built-column.js";
import type { ColumnData } from "./columns/column-data.js";

/** The batches of an Arrow stream that is whole in memory. Errors: an Error where it is none. */
export function readBatches(stream: Uint8Array): readonly BatchColumns[] {
  const batches: BatchColumns[] = [];
  for (const batch of RecordBatchReader.from(stream)) {
    const columns = new Map(
      batch.schema.fields.map(({ name }, index) => [name, toColumnData(batch.data.children[index]!)]),
    );
    batches.push({ length: batch.numRows, columns });
  }
  return batches;
}

function toColumnData(data: Data): ColumnData {
  return {
    length: data.length,
    offset: data.offset,
    validity: data.nullCount > 0 ? data.nullBitmap : null,
    offsets: data.valueOffsets === undefined ? null : (data.valueOffsets as Int32Array),
    values: data.values === undefined ? null : bytesOf(data.values as ArrayBufferView),
    children: data.children.map(toColumnData),
  };
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Columns beside the value's that are bytes; others are milliseconds. */
const binaryMetadata: ReadonlySet<string> = new Set(["window", "pane"]);

/** Keeps what is written to it as it is, where Arrow's own queue would make one array of it. */
class PartList extends AsyncByteQueue {
  readonly parts: Uint8Array[] = [];

  override write(part: Uint8Array): void {
    this.parts.push(part);
  }
}

/**
 * Rows of a layout as an Arrow stream of one batch, in parts that are to be written one after the other. The large
 * ones are the columns' own bytes.
 */
export function writeBatch(layout: Layout, columns: ReadonlyMap<string, BuiltColumn>): readonly Uint8Array[] {
  const types = new Map<string, DataType>(valueTypes(layout.value));
  const fields: Field[] = [];
  const children: Data[] = [];
  let length = 0;
  for (const [name, column] of columns) {
    const type = types.get(name) ?? (binaryMetadata.has(name) ? new Binary() : new Int64());
    fields.push(new Field(name, type, true));
    children.push(toArrow(column, type));
    length = column.length;
  }
  const schema = new Schema(fields);
  const data = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  const list = new PartList();
  const writer = new RecordBatchStreamWriter();
  writer.reset(list, schema);
  writer.write(new RecordBatch(schema, data as Data<Struct>));
  writer.finish();
  return list.parts;
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

function toArrow(column: BuiltColumn, type: DataType): Data {
  const { length, nullCount, validity, offsets, values, children } = column;
  const common = { type, length, nullCount, ...(validity === null ? {} : { nullBitmap: validity }) };
  const parts = type.children ?? [];
  if (children.length > 0) {
    const made = children.map((child, index) => toArrow(child, parts[index]!.type));
    return offsets === null
      ? makeData({ ...common, children: made } as never)
      : makeData({ ...common, valueOffsets: offsets, child: made[0]! } as never);
  }
  if (offsets !== null) return makeData({ ...common, valueOffsets: offsets, data: values! } as never);
  return makeData({ ...common, data: toValues(values!, type) } as never);
}

function toValues(bytes: Uint8Array, type: DataType): ArrayBufferView {
  if (type instanceof Bool) return bytes;
  if (type instanceof Float64) return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 3);
  return new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 3);
}
