import { invariant } from "../../diagnostics/invariant.js";
import type { Graph } from "../2-graph/graph.js";
import type { Plan, PlanNode } from "../3-plan/plan.js";
import { chooseLayouts } from "./choose-layouts.js";
import { indexMakers } from "./lane-of.js";
import type { Layout } from "./layout.js";
import { NodeNames } from "./name-nodes.js";
import { ownEntry } from "./own-entry.js";
import type { Grouping, OutputReference, PhysicalNode } from "./physical-plan.js";
import { indexUses, type Use } from "./plan-shape.js";
import type { Target } from "./target.js";
import { apiOf } from "./target-answers.js";

/** Where the rows of a PCollection are, and how they lie there. */
export interface Location {
  readonly from: OutputReference;
  readonly layout: Layout;
  /** The PCollection whose coders the layout names. */
  readonly pcollection: string;
  /** The rows are the pairs of a group-by-key that its one reader groups so as it reads; null for elements. */
  readonly grouped: Grouping | null;
}

type Unnumbered<Node> = Node extends PhysicalNode
  ? Omit<Node, "id" | "number" | "variable" | "materialisation" | "materialisationReason">
  : never;

/** A node before the builder has given it its number and name. */
export type NodeParts = Unnumbered<PhysicalNode>;

/** What the answers to the plan's nodes share while a physical plan is made. */
export class PhysicalBuilder {
  readonly target: Target;
  readonly plan: Plan;
  readonly graph: Graph;
  readonly uses: ReadonlyMap<string, readonly Use[]>;
  readonly layouts: ReadonlyMap<string, Layout>;
  readonly makers: ReadonlyMap<string, PlanNode>;
  readonly nodes: PhysicalNode[] = [];
  /** PCollections of splits that lie as their maker left them, for a reader that is a data source. */
  readonly splits = new Set<string>();
  readonly #locations = new Map<string, Location>();
  readonly #sideInputs = new Map<string, string>();
  readonly #names = new NodeNames();

  constructor(target: Target, plan: Plan, graph: Graph) {
    this.target = target;
    this.plan = plan;
    this.graph = graph;
    this.uses = indexUses(plan);
    this.layouts = chooseLayouts(plan, graph, this.uses);
    this.makers = indexMakers(plan);
  }

  /** Adds a node that `make` describes, given its variable and number. @returns its id */
  add(name: string, make: (variable: string, number: number) => NodeParts): string {
    const number = this.nodes.length + 1;
    const variable = this.#names.give(name);
    const id = `p${number}`;
    const undecided = { materialisation: "lazy", materialisationReason: "" } as const;
    this.nodes.push({ ...make(variable, number), id, number, variable, ...undecided } as PhysicalNode);
    return id;
  }

  /** The Spark API that does a kind of node on the target. */
  api(kind: PhysicalNode["kind"]): string {
    return apiOf(this.target, kind);
  }

  node(id: string): PhysicalNode {
    const node = this.nodes[Number(id.slice(1)) - 1];
    invariant(node, id, "no such physical node");
    return node;
  }

  /** Replaces a node that was added, for a reader that changes how it should be made. */
  replace(id: string, node: PhysicalNode): void {
    this.nodes[Number(id.slice(1)) - 1] = node;
  }

  nameOf(pcollection: string): string {
    return ownEntry(this.plan.pcollections, pcollection)?.name ?? pcollection;
  }

  layoutOf(pcollection: string): Layout {
    const layout = this.layouts.get(pcollection);
    invariant(layout, pcollection, "no layout was chosen for it");
    return layout;
  }

  locate(pcollection: string, location: Location): void {
    this.#locations.set(pcollection, location);
  }

  /** Says that a PCollection's rows are an output of a node as they come, one element each. */
  locateRows(pcollection: string, from: OutputReference, layout: Layout): void {
    this.locate(pcollection, { from, layout, pcollection, grouped: null });
  }

  locationOf(pcollection: string): Location {
    const location = this.#locations.get(pcollection);
    invariant(location, pcollection, "nothing before it makes its rows");
    return location;
  }

  /** The node that collects a side input, made by `make` the first time it is asked for. */
  sideInput(pcollection: string, make: () => string): string {
    const before = this.#sideInputs.get(pcollection);
    if (before !== undefined) return before;
    const id = make();
    this.#sideInputs.set(pcollection, id);
    return id;
  }
}
