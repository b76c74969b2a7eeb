import { Message } from "apache-arrow/fb/message";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { RecordBatch } from "apache-arrow/fb/record-batch";
import { ByteBuffer } from "flatbuffers";
import type { BatchColumns } from "../columns/batch-columns.js";
import type { ColumnData } from "../columns/column-data.js";
import { type ColumnShape, type NamedShape, readShapes } from "./column-shape.js";
import { readBatches } from "./read-batches.js";

/** Before a message: 0xffffffff, and how many bytes its metadata has. */
const headBytes = 8;
const noOffsets = new Int32Array(1);

/**
 * Reads Arrow streams that a task sends one after the other, each with its schema in front. The schema is the same each
 * time, and read once; of a batch nothing is made but views of its buffers. Arrow's own reader takes longer for the
 * schema and the objects around a batch than its rows take on their way through the host.
 */
export class BatchReader {
  /** The schema that was read last, as it was written. */
  #schema = new Uint8Array(0);
  #columns: readonly NamedShape[] | null = null;

  /** The batches of a stream; what they have lies in it. Errors: an Error where it is no Arrow stream. */
  read(stream: Uint8Array): readonly BatchColumns[] {
    const schema = messageAt(stream, 0);
    if (schema === null) return readBatches(stream);
    const written = stream.subarray(0, schema.end);
    if (Buffer.compare(written, this.#schema) !== 0) {
      this.#columns = readShapes(stream);
      this.#schema = written.slice();
    }
    const batches = this.#columns === null ? null : readKnown(stream, schema.end, this.#columns);
    return batches ?? readBatches(stream);
  }
}

interface MessagePlace {
  readonly start: number;
  /** Where the metadata ends, and the body begins. */
  readonly end: number;
}

/** A message's place; null where none is. */
function messageAt(stream: Uint8Array, at: number): MessagePlace | null {
  if (at + headBytes > stream.length) return null;
  const view = new DataView(stream.buffer, stream.byteOffset + at, headBytes);
  const size = view.getInt32(4, true);
  if (view.getInt32(0, true) !== -1 || size <= 0) return null;
  const start = at + headBytes;
  return { start, end: start + size };
}

/** The batches behind the schema; null where one is compressed, or is no batch. */
function readKnown(
  stream: Uint8Array,
  first: number,
  columns: readonly NamedShape[],
): readonly BatchColumns[] | null {
  const batches: BatchColumns[] = [];
  let at = first;
  for (let place = messageAt(stream, at); place !== null; place = messageAt(stream, at)) {
    const message = Message.getRootAsMessage(new ByteBuffer(stream.subarray(place.start, place.end)));
    at = place.end + Number(message.bodyLength());
    if (at > stream.length) throw new Error("an Arrow stream ends within a batch");
    if (message.headerType() !== MessageHeader.RecordBatch) return null;
    const batch = message.header(new RecordBatch()) as RecordBatch;
    if (batch.compression() !== null) return null;
    batches.push(readColumns(batch, stream.subarray(place.end, at), columns));
  }
  return batches;
}

function readColumns(batch: RecordBatch, body: Uint8Array, columns: readonly NamedShape[]): BatchColumns {
  const walk = new BufferWalk(batch, body);
  return {
    length: Number(batch.length()),
    columns: new Map(columns.map(({ name, shape }) => [name, walk.read(shape)])),
  };
}

/** Goes over the columns of a batch and what is in them, in the order of its schema. */
class BufferWalk {
  readonly #batch: RecordBatch;
  readonly #body: Uint8Array;
  #node = 0;
  #buffer = 0;

  constructor(batch: RecordBatch, body: Uint8Array) {
    this.#batch = batch;
    this.#body = body;
  }

  read(shape: ColumnShape): ColumnData {
    const node = this.#batch.nodes(this.#node++)!;
    const length = Number(node.length());
    const bits = this.#next();
    const column = {
      length,
      offset: 0,
      validity: node.nullCount() > 0n ? bits : null,
      offsets: null,
      values: null,
      children: [],
    };
    switch (shape.kind) {
      case "fixed":
        return { ...column, values: this.#next() };
      case "binary": {
        const offsets = this.#nextOffsets(length);
        return { ...column, offsets, values: this.#next() };
      }
      case "list": {
        const offsets = this.#nextOffsets(length);
        return { ...column, offsets, children: [this.read(shape.element)] };
      }
      case "struct":
        return { ...column, children: shape.parts.map((part) => this.read(part)) };
    }
  }

  #next(): Uint8Array {
    const buffer = this.#batch.buffers(this.#buffer++)!;
    const start = Number(buffer.offset());
    const end = start + Number(buffer.length());
    if (end > this.#body.length) throw new Error("a column of an Arrow stream ends behind its batch");
    return this.#body.subarray(start, end);
  }

  #nextOffsets(length: number): Int32Array {
    const bytes = this.#next();
    // A column without rows may have none at all.
    if (length === 0 && bytes.length === 0) return noOffsets;
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    return new Int32Array(aligned.buffer, aligned.byteOffset, length + 1);
  }
}
