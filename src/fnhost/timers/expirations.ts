import type { BatchColumns } from "../columns/batch-columns.js";
import {
  type MetadataWriter,
  type RowEnds,
  writePane,
  writeTimestamp,
  writeWindow,
} from "../columns/encode-elements.js";
import { createWriter } from "../columns/write-values.js";
import type { OpenedStage } from "../open-stages.js";

/**
 * What writes the timer that ends the window of a row's key (`beam_runner_api.proto`, StandardCoders, TIMER): it has
 * no tag, and the row's pane.
 */
export function createExpirationWriter(
  stage: OpenedStage,
  batch: BatchColumns,
  ends: RowEnds,
): MetadataWriter {
  const { layouts, source } = stage;
  const { value: layout } = layouts.input;
  if (layout.kind !== "kv") throw new Error("an element with state that is no pair");
  const key = createWriter(layout.key, source.value.parts[0]!, batch.columns.get("key")!);
  const window = writeWindow(layouts.input, source.window, batch);
  const pane = writePane(layouts.input, batch);
  const end = createEndWriter(stage, batch, ends);
  return (row, out) => {
    key(row, out, true);
    out.varint32(0);
    out.int32(1);
    window(row, out);
    out.byte(0);
    end(row, out);
    end(row, out);
    pane(row, out);
  };
}

/** What writes the last moment of a row's window as a timer has it: cut to milliseconds downwards in every SDK. */
function createEndWriter(
  { layouts, source }: OpenedStage,
  batch: BatchColumns,
  ends: RowEnds,
): MetadataWriter {
  const inMillis = { clock: "millis", write: ends.write.bind(ends) } as const;
  const isInterval = layouts.input.window.kind === "interval";
  const layout = { ...layouts.input, timestamp: { kind: "end-of-window" } as const };
  return writeTimestamp(layout, source.window, batch, isInterval ? inMillis : ends);
}
