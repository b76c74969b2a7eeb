import { type Data, RecordBatchReader } from "apache-arrow";
import type { BatchColumns } from "../columns/batch-columns.js";
import type { ColumnData } from "../columns/column-data.js";

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
