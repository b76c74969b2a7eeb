import type { ReadNode } from "../../3-plan/plan.js";
import type { PhysicalBuilder } from "../physical-builder.js";
import { stageFileName } from "../stage-file-name.js";

/** Text by Spark's own source; any other source by Spark's Python Data Source API. */
export function answerRead(node: ReadNode, builder: PhysicalBuilder): void {
  const { source } = node;
  const layout = builder.layoutOf(node.output);
  const outputs = [{ pcollection: node.output, name: builder.nameOf(node.output), layout }];
  const shared = { names: node.names, level: node.level, reason: node.reason, outputs };
  const id = builder.add(node.names[0]!, (variable, number) =>
    source.kind === "text"
      ? {
          ...shared,
          kind: "read-text",
          lane: "native",
          api: "DataFrameReader.text",
          pattern: source.pattern,
          compression: source.compression,
        }
      : {
          ...shared,
          kind: "read-data-source",
          lane: "in-process",
          api: `Python Data Source API (DataSourceV2) over ${source.className}`,
          stage: stageFileName(number, variable),
          transform: source.transform,
        },
  );
  builder.locateRows(node.output, { node: id, output: 0 }, layout);
}
