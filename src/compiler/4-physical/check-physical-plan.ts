import { invariant } from "../../diagnostics/invariant.js";
import { columnsOf } from "./columns.js";
import { inputReferences } from "./input-references.js";
import type { PhysicalNode, PhysicalPlan } from "./physical-plan.js";

/**
 * Checks what the emitted program relies on: every input is made before it is read and exists; what several nodes
 * read is computed once; groups come from an exchange by their columns; every union's inputs have its columns; side
 * inputs are collected before the stage that reads them.
 *
 * @throws InvariantError that names the node
 */
export function checkPhysicalPlan(plan: PhysicalPlan): void {
  const before = new Map<string, PhysicalNode>();
  const readers = new Map<string, number>();
  for (const node of plan.nodes) {
    const name = `${node.id} (${node.names[0]})`;
    for (const reference of inputReferences(node)) {
      const maker = before.get(reference.node);
      invariant(maker, name, `it reads ${reference.node}, which is not made before it`);
      invariant(maker.outputs[reference.output], name, `${reference.node} has no output ${reference.output}`);
      readers.set(maker.id, (readers.get(maker.id) ?? 0) + 1);
    }
    checkKind(node, name, before);
    before.set(node.id, node);
  }
  for (const node of plan.nodes) {
    const recomputed =
      node.materialisation === "lazy" && node.kind !== "impulse" && (readers.get(node.id) ?? 0) > 1;
    invariant(!recomputed, `${node.id} (${node.names[0]})`, "several nodes would each compute it again");
  }
}

function checkKind(node: PhysicalNode, name: string, before: ReadonlyMap<string, PhysicalNode>): void {
  switch (node.kind) {
    case "stage": {
      const maker = before.get(node.input.node)!;
      const made = maker.outputs[node.input.output]!;
      invariant(
        sameColumns(made.layout, node.inputLayout),
        name,
        "it reads its input in another layout than it has",
      );
      invariant(
        (node.grouped !== null || node.keyed) === (maker.kind === "group"),
        name,
        "groups are read exactly where an exchange made them",
      );
      for (const side of node.sideInputs) {
        invariant(
          before.get(side.node)?.kind === "side-input",
          name,
          `side input ${side.node} is not collected before it`,
        );
      }
      return;
    }
    case "group":
    case "aggregate": {
      const columns = columnsOf(before.get(node.input.node)!.outputs[node.input.output]!.layout).map(
        (column) => column.name,
      );
      const sortedBy = node.kind === "group" ? node.sort.map(({ name }) => name) : [];
      invariant(
        [...node.by, ...sortedBy].every((column) => columns.includes(column)),
        name,
        "it groups by columns that its input lacks",
      );
      return;
    }
    case "union": {
      const wanted = columnsOf(node.outputs[0]!.layout)
        .map((column) => column.name)
        .join();
      for (const input of node.inputs) {
        const own = columnsOf(before.get(input.node)!.outputs[input.output]!.layout).map(
          (column) => column.name,
        );
        const given = input.columns?.map((column) => column.name) ?? own;
        invariant(given.join() === wanted, name, `input ${input.node} has other columns`);
      }
      return;
    }
    case "impulse":
    case "read-text":
    case "read-parquet":
    case "read-data-source":
    case "spread":
    case "side-input":
      return;
  }
}

function sameColumns(left: PhysicalNode["outputs"][number]["layout"], right: typeof left): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
