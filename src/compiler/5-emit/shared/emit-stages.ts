import { invariant } from "../../../diagnostics/invariant.js";
import type { Layout } from "../../4-physical/layout.js";
import type { PhysicalPlan, PhysicalStage } from "../../4-physical/physical-plan.js";
import type { StageBinary } from "../../4-physical/stage-binaries.js";
import type { SourceFile } from "../source-file.js";

/** `stages/`: for each stage and data source its descriptor and how its rows lie (ARCHITECTURE.md). */
export function emitStages(
  plan: PhysicalPlan,
  binaries: ReadonlyMap<string, StageBinary>,
): readonly SourceFile[] {
  return plan.nodes.flatMap((node): readonly SourceFile[] => {
    if (node.kind !== "stage" && node.kind !== "read-data-source") return [];
    const binary = binaries.get(node.stage);
    invariant(binary, node.stage, "it has no descriptor");
    const described =
      node.kind === "stage"
        ? describeStage(node)
        : {
            name: node.stage,
            transforms: node.names,
            source: Buffer.from(binary.source ?? []).toString("base64"),
            output: { pcollection: node.outputs[0]!.pcollection, layout: node.outputs[0]!.layout },
          };
    return [
      { path: `stages/${node.stage}.pb`, content: binary.descriptor },
      { path: `stages/${node.stage}.json`, content: `${JSON.stringify(described, null, 2)}\n` },
    ];
  });
}

function describeStage(node: PhysicalStage) {
  const output = (pcollection: string, layout: Layout) => ({ pcollection, layout });
  return {
    name: node.stage,
    transforms: node.names,
    input: {
      ...output(node.inputPCollection, node.inputLayout),
      grouped: node.grouped,
      ...(node.keyed ? { keyed: true } : {}),
    },
    outputs: node.outputs.map(({ pcollection, layout, combine }) => ({
      ...output(pcollection, layout),
      combine,
    })),
    sideInputs: node.sideInputs.map(({ pcollection, layout }) => output(pcollection, layout)),
  };
}
