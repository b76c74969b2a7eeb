import type { BatchColumns } from "../columns/batch-columns.js";
import {
  type MetadataWriter,
  type RowEnds,
  writeTimestamp,
  writeWindow,
} from "../columns/encode-elements.js";
import type { ValueWriter } from "../columns/value-writer.js";
import { createWriter } from "../columns/write-values.js";
import type { OpenedStage } from "../open-stages.js";

/** What writes the parts of pairs that are to be grouped. */
export interface GroupColumns {
  /** The timestamp of a row, or where windows don't merge, of a group that begins with it. */
  readonly timestamp: MetadataWriter;
  readonly window: MetadataWriter;
  readonly key: MetadataWriter;
  readonly value: ValueWriter;
}

/** The pane of what fires once, on time: the first and the last (`beam_runner_api.proto`, WINDOWED_VALUE). */
export const onlyFiring = 0x07;

/**
 * What writes the parts of a batch's pairs. The layout is that of the pairs, and the edge that of the groups.
 *
 * Errors: an Error where the groups' coder is not that of a key and an iterable.
 */
export function createGroupColumns(
  { layouts, source, grouping }: OpenedStage,
  batch: BatchColumns,
  ends: RowEnds,
): GroupColumns {
  const { value: layout } = layouts.input;
  const [key, values] = source.value.parts;
  const element = values?.parts[0];
  if (layout.kind !== "kv" || key === undefined || element === undefined)
    throw new Error("the coder of groups is not that of a key and an iterable");
  const isAtEnd = grouping?.merge === "none" && grouping.timestamp === "end-of-window";
  const times = isAtEnd ? { ...layouts.input, timestamp: { kind: "end-of-window" } as const } : layouts.input;
  const writeKey = createWriter(layout.key, key, batch.columns.get("key")!);
  return {
    timestamp: writeTimestamp(times, source.window, batch, ends),
    window: writeWindow(layouts.input, source.window, batch),
    key: (row, out) => writeKey(row, out, true),
    value: createWriter(layout.value, element, batch.columns.get("value")!),
  };
}

/** What writes the key and the window of a row: what rows have in common that belong together. */
export function createKeyWriter({ layouts, source }: OpenedStage, batch: BatchColumns): MetadataWriter {
  const { value: layout } = layouts.input;
  const [key] = source.value.parts;
  if (layout.kind !== "kv" || key === undefined) throw new Error("rows with keys that are no pairs");
  const writeKey = createWriter(layout.key, key, batch.columns.get("key")!);
  const window = writeWindow(layouts.input, source.window, batch);
  return (row, out) => {
    writeKey(row, out, true);
    window(row, out);
  };
}
