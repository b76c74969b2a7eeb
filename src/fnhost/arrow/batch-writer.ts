import { AsyncByteQueue, RecordBatchStreamWriter } from "apache-arrow";
import { Buffer as BufferPlace } from "apache-arrow/fb/buffer";
import { FieldNode } from "apache-arrow/fb/field-node";
import { Message } from "apache-arrow/fb/message";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { MetadataVersion } from "apache-arrow/fb/metadata-version";
import { RecordBatch } from "apache-arrow/fb/record-batch";
import { Builder } from "flatbuffers";
import type { Layout } from "../../compiler/4-physical/layout.js";
import type { BuiltColumn } from "../columns/built-column.js";
import { schemaOf } from "./layout-schema.js";

/** What buffers, and all metadata, are filled up to a multiple of. */
const alignment = 8;
const padding = new Uint8Array(alignment);
const none = new Uint8Array(0);
const endOfStream = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/**
 * Writes rows of a layout as Arrow streams of one batch. Their schema is always the same, and Arrow's own writer makes
 * it once; the rest of a stream are a few numbers and the columns' own bytes.
 */
export class BatchWriter {
  readonly #layout: Layout;
  readonly #builder = new Builder(1 << 10);
  #schema: Uint8Array | null = null;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** A stream, in parts that are to be written one after the other. The columns are always those of the layout. */
  write(columns: ReadonlyMap<string, BuiltColumn>): readonly Uint8Array[] {
    this.#schema ??= writeSchema(this.#layout, columns.keys());
    const all = [...columns.values()];
    const nodes = all.flatMap(nodesOf);
    const buffers = all.flatMap(buffersOf);
    const metadata = this.#describe(all[0]?.length ?? 0, nodes, buffers);
    const parts = [this.#schema, metadata];
    for (const buffer of buffers) {
      if (buffer.length === 0) continue;
      parts.push(buffer);
      const missing = padded(buffer.length) - buffer.length;
      if (missing > 0) parts.push(padding.subarray(0, missing));
    }
    parts.push(endOfStream);
    return parts;
  }

  /** The message before the buffers (`Message.fbs`), with its length. */
  #describe(length: number, nodes: readonly BuiltColumn[], buffers: readonly Uint8Array[]): Uint8Array {
    const builder = this.#builder;
    builder.clear();
    // Vectors are written from their end.
    RecordBatch.startNodesVector(builder, nodes.length);
    for (const node of nodes.toReversed())
      FieldNode.createFieldNode(builder, BigInt(node.length), BigInt(node.nullCount));
    const nodesAt = builder.endVector();
    let end = buffers.reduce((sum, buffer) => sum + padded(buffer.length), 0);
    const bodyLength = BigInt(end);
    RecordBatch.startBuffersVector(builder, buffers.length);
    for (const buffer of buffers.toReversed()) {
      end -= padded(buffer.length);
      BufferPlace.createBuffer(builder, BigInt(end), BigInt(buffer.length));
    }
    const buffersAt = builder.endVector();
    RecordBatch.startRecordBatch(builder);
    RecordBatch.addLength(builder, BigInt(length));
    RecordBatch.addNodes(builder, nodesAt);
    RecordBatch.addBuffers(builder, buffersAt);
    const batch = RecordBatch.endRecordBatch(builder);
    Message.startMessage(builder);
    Message.addVersion(builder, MetadataVersion.V5);
    Message.addHeaderType(builder, MessageHeader.RecordBatch);
    Message.addHeader(builder, batch);
    Message.addBodyLength(builder, bodyLength);
    Message.finishMessageBuffer(builder, Message.endMessage(builder));
    const message = builder.asUint8Array();
    const framed = new Uint8Array(alignment + padded(message.length));
    const head = new DataView(framed.buffer);
    head.setInt32(0, -1);
    head.setInt32(4, framed.length - alignment, true);
    framed.set(message, alignment);
    return framed;
  }
}

function padded(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}

/** A column and all that are in it, each before its parts. */
function nodesOf(column: BuiltColumn): readonly BuiltColumn[] {
  return [column, ...column.children.flatMap(nodesOf)];
}

/** The buffers of a column and of its parts in Arrow's order; one that is not needed is empty. */
function buffersOf({ validity, offsets, values, children }: BuiltColumn): readonly Uint8Array[] {
  const own = [validity ?? none];
  if (offsets !== null) own.push(new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength));
  if (children.length === 0) own.push(values!);
  return [...own, ...children.flatMap(buffersOf)];
}

/** Keeps what is written to it, where Arrow's own queue would make one array of it. */
class PartList extends AsyncByteQueue {
  readonly parts: Uint8Array[] = [];

  override write(part: Uint8Array): void {
    this.parts.push(part);
  }
}

function writeSchema(layout: Layout, names: Iterable<string>): Uint8Array {
  const list = new PartList();
  new RecordBatchStreamWriter().reset(list, schemaOf(layout, names));
  return Buffer.concat(list.parts);
}
