import type { ReadNode, ReadSource } from "../../3-plan/plan.js";
import type { PhysicalBuilder } from "../physical-builder.js";
import { stageFileName } from "../stage-file-name.js";

/** Files by Spark's own sources; any other source by Spark's Python Data Source API. */
export function answerRead(node: ReadNode, builder: PhysicalBuilder): void {
  const layout = builder.layoutOf(node.output);
  const outputs = [{ pcollection: node.output, name: builder.nameOf(node.output), layout }];
  const shared = { names: node.names, level: node.level, reason: node.reason, outputs };
  const id = builder.add(node.names[0]!, (variable, number) => ({
    ...shared,
    ...answerSource(node.source, stageFileName(number, variable), builder),
  }));
  builder.locateRows(node.output, { node: id, output: 0 }, layout);
}

function answerSource(source: ReadSource, stage: string, builder: PhysicalBuilder) {
  switch (source.kind) {
    case "text": {
      const { pattern, compression } = source;
      return {
        kind: "read-text",
        lane: "native",
        api: builder.api("read-text"),
        pattern,
        compression,
      } as const;
    }
    case "parquet": {
      const { pattern, columns } = source;
      return {
        kind: "read-parquet",
        lane: "native",
        api: builder.api("read-parquet"),
        pattern,
        columns,
      } as const;
    }
    case "python": {
      const api = `${builder.api("read-data-source")} over ${source.className}`;
      return {
        kind: "read-data-source",
        lane: "in-process",
        api,
        stage,
        transform: source.transform,
      } as const;
    }
  }
}
