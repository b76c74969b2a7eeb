import type { ByteWriter } from "../bytes/byte-writer.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import { halvesOf } from "../columns/column-data.js";
import { type MetadataWriter, writePane, writeWindow } from "../columns/encode-elements.js";
import { writeGlobalEnd, writeIntervalEnd } from "../columns/last-moments.js";
import { createWriter } from "../columns/write-values.js";
import { HostError } from "../host-error.js";
import type { OpenedStage } from "../open-stages.js";

/**
 * What writes the timer that ends the window of a row's key (`beam_runner_api.proto`, StandardCoders, TIMER): it has
 * no tag, and the row's pane.
 *
 * Errors: a HostError for windows whose end the host can't read.
 */
export function createExpirationWriter(stage: OpenedStage, batch: BatchColumns): MetadataWriter {
  const { layouts, source } = stage;
  const { value: layout } = layouts.input;
  if (layout.kind !== "kv") throw new Error("an element with state that is no pair");
  const key = createWriter(layout.key, source.value.parts[0]!, batch.columns.get("key")!);
  const window = writeWindow(layouts.input, source.window, batch);
  const pane = writePane(layouts.input, batch);
  const end = createEndWriter(stage, batch);
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
function createEndWriter({ layouts, clock, name }: OpenedStage, batch: BatchColumns): MetadataWriter {
  switch (layouts.input.window.kind) {
    case "global":
    case "dropped":
      return (_row: number, out: ByteWriter) => writeGlobalEnd(clock, out);
    case "interval": {
      const column = batch.columns.get("window_end")!;
      const halves = halvesOf(column);
      return (row, out) => {
        const at = (row + column.offset) * 2;
        writeIntervalEnd(halves[at]!, halves[at + 1]!, "millis", out);
      };
    }
    case "encoded":
      throw new HostError({
        code: "runtime/window-end-unknown",
        message: "the host can't read when a window of this type ends",
        transform: name,
      });
  }
}
