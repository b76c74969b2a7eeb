import { URN } from "../../../src/beam/urns.js";
import type { Graph } from "../../../src/compiler/2-graph/graph.js";
import type { Plan } from "../../../src/compiler/3-plan/plan.js";
import type { OutputReference, PhysicalPlan } from "../../../src/compiler/4-physical/physical-plan.js";

/** What elements are, as the expression that made them: equal expressions are equal strings. */
type Value = string;

/** What each user function is called on: its main input and its side inputs by tag. */
export type Calls = ReadonlyMap<
  string,
  { readonly main: Value; readonly sides: readonly (readonly [string, Value])[] }
>;

/** Expressions by their text, so that values stay short however deep they are. */
class Expressions {
  readonly #ids = new Map<string, Value>();
  readonly #parts = new Map<Value, readonly string[]>();

  make(...parts: readonly string[]): Value {
    const text = JSON.stringify(parts);
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = `v${this.#ids.size}`;
    this.#ids.set(text, id);
    this.#parts.set(id, parts);
    return id;
  }

  parts(value: Value): readonly string[] {
    return this.#parts.get(value) ?? [];
  }
}

/**
 * What every user function and every combine is called on, by Beam's model and by a physical plan: the two must be
 * the same. Nothing is run; elements are stood for by how they were made.
 */
export function compareCalls(
  graph: Graph,
  plan: Plan,
  physical: PhysicalPlan,
): { model: Calls; planned: Calls } {
  const expressions = new Expressions();
  return {
    model: callsOfModel(graph, expressions),
    planned: callsOfPlan(graph, plan, physical, expressions),
  };
}

function callsOfModel(graph: Graph, expressions: Expressions): Calls {
  const calls = new Map<string, { main: Value; sides: (readonly [string, Value])[] }>();
  const makers = new Map<string, string>();
  for (const { id, outputs } of graph.transforms.values())
    for (const made of outputs.values()) makers.set(made, id);
  const values = new Map<string, Value>();
  const valueFor = (pcollection: string): Value => {
    if (!values.has(pcollection)) evaluate(makers.get(pcollection)!);
    return values.get(pcollection)!;
  };
  const evaluate = (id: string): void => {
    const transform = graph.transforms.get(id)!;
    const inputs = [...transform.inputs.values()].map(valueFor);
    const [first] = inputs;
    const [output] = transform.outputs.values();
    switch (transform.urn) {
      case URN.impulse:
        values.set(output!, expressions.make("impulse"));
        return;
      case URN.flatten:
        values.set(output!, expressions.make("union", ...inputs.sort()));
        return;
      case URN.groupByKey:
        values.set(output!, expressions.make("group", first!));
        return;
      case URN.combinePerKey:
        values.set(output!, expressions.make("combine", transform.name, first!));
        return;
      case URN.reshuffle:
        values.set(output!, first!);
        return;
      case URN.parDo: {
        const main = valueFor(transform.inputs.get("in")!);
        const sides = [...transform.inputs]
          .filter(([tag]) => tag !== "in")
          .map(([tag, pcollection]) => [tag, valueFor(pcollection)] as const);
        calls.set(id, { main, sides });
        for (const made of transform.outputs.values()) {
          values.set(made, expressions.make("function", id, made, main, JSON.stringify(sides)));
        }
        return;
      }
      default:
        throw new Error(`no model of ${transform.urn}`);
    }
  };
  for (const id of graph.transforms.keys()) evaluate(id);
  return calls;
}

function callsOfPlan(graph: Graph, plan: Plan, physical: PhysicalPlan, expressions: Expressions): Calls {
  const calls = new Map<string, { main: Value; sides: (readonly [string, Value])[] }>();
  const rows = new Map<string, readonly Value[]>();
  const read = ({ node, output }: OutputReference): Value => rows.get(node)![output]!;
  for (const node of physical.nodes) {
    switch (node.kind) {
      case "impulse":
        rows.set(node.id, [expressions.make("impulse")]);
        break;
      case "union":
        rows.set(node.id, [expressions.make("union", ...node.inputs.map(read).sort())]);
        break;
      case "group":
        rows.set(node.id, [expressions.make("group", read(node.input))]);
        break;
      case "aggregate":
        rows.set(node.id, [expressions.make("combine", node.names[0]!, read(node.input))]);
        break;
      case "spread":
      case "side-input":
        rows.set(node.id, [read(node.input)]);
        break;
      case "read-text":
      case "read-data-source":
        throw new Error("no model of sources");
      case "stage": {
        const rowsRead = read(node.input);
        // Rows that only lie side by side are still the elements.
        const input = node.keyed ? expressions.parts(rowsRead)[1]! : rowsRead;
        const values = new Map<string, Value>([[node.inputPCollection, input]]);
        const sides = new Map(node.sideInputs.map((side) => [side.pcollection, rows.get(side.node)![0]!]));
        for (const planned of node.transforms) {
          const added = plan.added.transforms[planned];
          if (added !== undefined && added.urn !== URN.parDo) {
            const input = values.get(Object.values(added.inputs)[0]!)!;
            const value = combinePhase(added.urn, graph.transforms.get(added.like)!.name, input, expressions);
            values.set(Object.values(added.outputs)[0]!, value);
            continue;
          }
          const id = added?.like ?? planned;
          const transform = graph.transforms.get(id)!;
          const main = values.get(added?.inputs.in ?? transform.inputs.get("in")!);
          if (main === undefined) throw new Error(`${id} runs before its input is there`);
          if (calls.has(id)) throw new Error(`${id} is in two stages`);
          const used = [...transform.inputs]
            .filter(([tag]) => tag !== "in")
            .map(([tag, pcollection]) => [tag, sides.get(pcollection) ?? "missing"] as const);
          calls.set(id, { main, sides: used });
          for (const made of transform.outputs.values()) {
            values.set(made, expressions.make("function", id, made, main, JSON.stringify(used)));
          }
        }
        rows.set(
          node.id,
          node.outputs.map(({ pcollection }) => values.get(pcollection) ?? "missing"),
        );
      }
    }
  }
  return calls;
}

/** Precombine, shuffle, merge and extract are together the combine that the model has. */
function combinePhase(urn: string, name: string, input: Value, expressions: Expressions): Value {
  switch (urn) {
    case URN.combinePrecombine:
      return expressions.make("precombined", name, input);
    case URN.combineMergeAccumulators:
      return expressions.make("merged", name, input);
    case URN.combineExtractOutputs: {
      const grouped = expressions.parts(input)[2] ?? "";
      const precombined = expressions.parts(grouped)[1] ?? "";
      const [kind, by, elements] = expressions.parts(precombined);
      if (kind !== "precombined" || by !== name)
        throw new Error(`${name} extracts what it did not precombine`);
      return expressions.make("combine", name, elements!);
    }
    default:
      throw new Error(`no model of ${urn}`);
  }
}
