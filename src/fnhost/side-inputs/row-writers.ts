import { ByteWriter } from "../bytes/byte-writer.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import { writeWindow } from "../columns/encode-elements.js";
import type { ValueWriter } from "../columns/value-writer.js";
import { createWriter } from "../columns/write-values.js";
import type { SideInputForm } from "./side-input.js";

/** What writes the elements of a batch: values, or keys and values. Keys and values are nested, as state has them. */
export interface RowWriters {
  readonly key: ValueWriter | null;
  readonly value: ValueWriter;
}

export function createRowWriters({ layout, coder }: SideInputForm, batch: BatchColumns): RowWriters {
  const column = (name: string) => {
    const found = batch.columns.get(name);
    if (found === undefined) throw new Error(`the rows of a side input have no column ${name}`);
    return found;
  };
  const { value } = layout;
  if (value.kind !== "kv") return { key: null, value: createWriter(value, coder, column("value")) };
  return {
    key: createWriter(value.key, coder.parts[0]!, column("key")),
    value: createWriter(value.value, coder.parts[1]!, column("value")),
  };
}

/**
 * What gives the windows of a batch's rows as workers ask by them: in the bytes of their coder, which for windows of
 * no coder that the host knows are those of the column.
 */
export function createWindowReader(
  { layout, window }: SideInputForm,
  batch: BatchColumns,
): (row: number) => Uint8Array {
  if (layout.window.kind === "encoded") {
    const { offsets, values, offset } = batch.columns.get("window")!;
    return (row) => values!.subarray(offsets![row + offset]!, offsets![row + offset + 1]!);
  }
  const out = new ByteWriter(32);
  const write = writeWindow(layout, window, batch);
  return (row) => {
    write(row, out);
    return out.take();
  };
}
