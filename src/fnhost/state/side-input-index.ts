import type { Layout } from "../../compiler/4-physical/layout.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import { writeWindow } from "../columns/encode-elements.js";
import { createWriter } from "../columns/write-values.js";
import type { StageEdge } from "../worker-stage.js";

/** Bytes of the elements of one window that are answered together. */
const chunkBytes = 1 << 16;

interface WindowElements {
  readonly chunks: Uint8Array[];
  readonly open: ByteWriter;
  /** The values of each key, by the key's bytes in hexadecimal; of pairs alone. */
  readonly byKey: Map<string, ByteWriter>;
}

/**
 * The elements of a side input, by window, and the values of its pairs by key: all in the bytes that a worker asks
 * by and reads (`beam_fn_api.proto`, StateKey).
 */
export class SideInputIndex {
  readonly #layout: Layout;
  readonly #edge: StageEdge;
  readonly #windows = new Map<string, WindowElements>();

  constructor(layout: Layout, edge: StageEdge) {
    this.#layout = layout;
    this.#edge = edge;
  }

  /** Takes rows of the side input. */
  add(batch: BatchColumns): void {
    const { value: layout } = this.#layout;
    const { value: coder, window } = this.#edge;
    const windowOf = writeWindow(this.#layout, window, batch);
    const column = (name: string) => batch.columns.get(name)!;
    const scratch = new ByteWriter(64);
    if (layout.kind !== "kv") {
      const write = createWriter(layout, coder, column("value"));
      for (let row = 0; row < batch.length; row++) {
        windowOf(row, scratch);
        const elements = this.#elementsOf(scratch.take());
        write(row, elements.open, true);
        closeChunk(elements);
      }
      return;
    }
    const writeKey = createWriter(layout.key, coder.parts[0]!, column("key"));
    const writeValue = createWriter(layout.value, coder.parts[1]!, column("value"));
    for (let row = 0; row < batch.length; row++) {
      windowOf(row, scratch);
      const elements = this.#elementsOf(scratch.take());
      writeKey(row, scratch, true);
      const key = scratch.take();
      writeValue(row, scratch, true);
      const value = scratch.take();
      elements.open.bytes(key);
      elements.open.bytes(value);
      closeChunk(elements);
      valuesOf(elements, hex(key)).bytes(value);
    }
  }

  /** The elements of a window, in chunks. */
  elements(window: Uint8Array): readonly Uint8Array[] {
    const elements = this.#windows.get(hex(window));
    if (elements === undefined) return [];
    return elements.open.length === 0 ? elements.chunks : [...elements.chunks, elements.open.peek()];
  }

  /** The values of a key of a window, in chunks. */
  values(window: Uint8Array, key: Uint8Array): readonly Uint8Array[] {
    const values = this.#windows.get(hex(window))?.byKey.get(hex(key));
    return values === undefined ? [] : [values.peek()];
  }

  /** The keys of a window. */
  keys(window: Uint8Array): readonly Uint8Array[] {
    const keys = this.#windows.get(hex(window))?.byKey.keys() ?? [];
    return [...keys].map((key) => Buffer.from(key, "hex"));
  }

  #elementsOf(window: Uint8Array): WindowElements {
    const id = hex(window);
    const known = this.#windows.get(id);
    if (known !== undefined) return known;
    const created = { chunks: [], open: new ByteWriter(256), byKey: new Map<string, ByteWriter>() };
    this.#windows.set(id, created);
    return created;
  }
}

function closeChunk({ open, chunks }: WindowElements): void {
  if (open.length >= chunkBytes) chunks.push(open.take());
}

function valuesOf({ byKey }: WindowElements, key: string): ByteWriter {
  const known = byKey.get(key);
  if (known !== undefined) return known;
  const created = new ByteWriter(64);
  byKey.set(key, created);
  return created;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
