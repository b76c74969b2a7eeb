import { URN } from "../../beam/urns.js";
import { type Collector, createCollector } from "../../diagnostics/collector.js";
import type { Result } from "../../diagnostics/diagnostic.js";
import { invariant } from "../../diagnostics/invariant.js";
import type { Graph, TransformNode } from "../2-graph/graph.js";
import { visitTransforms } from "../2-graph/visit.js";
import { type Draft, inputsOf, outputsOf, sideInputsOf } from "./draft.js";
import { decideMode } from "./mode.js";
import { countElements } from "./passes/count-elements.js";
import { dropUnread } from "./passes/drop-unread.js";
import { fuseStages, type NodeDraft } from "./passes/fuse-stages.js";
import { keepGlobalWindows } from "./passes/keep-global-windows.js";
import { orderByDataFlow } from "./passes/order-by-data-flow.js";
import { type ProvedMetadata, proveMetadata } from "./passes/prove-metadata.js";
import type { DeclinedLevel, Plan, PlanNode, PlanPCollection, WindowColumns } from "./plan.js";
import { type PlanChoice, PlanContext, placeOf } from "./plan-context.js";
import { describeLeak } from "./support/closed-composite.js";
import { refuseHomelessFunctions } from "./support/homeless-functions.js";
import { haveSameWindows, windowColumnsOf } from "./support/windowing.js";
import { translators } from "./translate/index.js";
import type { Ports, Translator } from "./translate/translator.js";

/**
 * Makes the logical plan of a pipeline: walks the expanded DAG from the top, takes each composite at the highest
 * level at which its result is exactly Beam's, and fuses what is left. Problems of the whole pipeline are
 * collected before it is refused.
 *
 * @param choice where functions run, and which of them no aggregate may be taken for
 */
export function planGraph(graph: Graph, choice: PlanChoice): Result<Plan> {
  const diagnostics = createCollector();
  const mode = decideMode(graph, diagnostics);
  const context = new PlanContext(graph, diagnostics, choice);
  const declined = translate(graph, context);
  const drafts = keepGlobalWindows(countElements(context), context);
  refuseReservedIds(graph, diagnostics);
  refuseWindows(context);
  refuseHomelessFunctions(context);
  const ordered = orderDrafts(drafts, diagnostics);
  return diagnostics.finish(() => {
    const nodes = numbered(optimise(ordered, context));
    return {
      mode,
      nodes,
      pcollections: describePCollections(nodes, context),
      added: context.added(),
      declined,
    };
  });
}

const translatorByUrn: ReadonlyMap<string, Translator> = new Map(
  translators.flatMap((translator) => translator.urns.map((urn) => [urn, translator])),
);

const translatorByPythonType: ReadonlyMap<string, Translator> = new Map(
  translators.flatMap((translator) => (translator.pythonTypes ?? []).map((type) => [type, translator])),
);

/** URNs of composites that only give a name to their parts; without parts they do nothing. */
const namingUrns: readonly string[] = ["", URN.genericComposite, URN.pickledPythonTransform];

function translate(graph: Graph, context: PlanContext): readonly DeclinedLevel[] {
  const declined: DeclinedLevel[] = [];
  visitTransforms(graph, (transform) => {
    const translator =
      translatorByUrn.get(transform.urn) ?? translatorByPythonType.get(transform.pythonType ?? "");
    if (translator !== undefined) {
      if (!hasPorts(transform, translator.ports, context)) return "skip";
      const leak = describeLeak(transform, context);
      const level = leak === null ? translator.level(transform, context) : { whole: false, reason: leak };
      if (level.whole) {
        translator.plan(transform, context);
        return "skip";
      }
      declined.push({ transform: transform.id, name: transform.name, reason: level.reason });
    }
    if (transform.parts.length === 0 && !doesNothing(transform)) {
      context.diagnostics.report("plan/transform-unsupported", placeOf(transform), { urn: transform.urn });
    }
    return "descend";
  });
  return declined;
}

function hasPorts(transform: TransformNode, ports: Ports, context: PlanContext): boolean {
  const wrong = (["inputs", "outputs"] as const).filter(
    (side) => ports[side] !== "any" && transform[side].size !== ports[side],
  );
  for (const side of wrong) {
    const problem = `it has ${transform[side].size} ${side} instead of ${ports[side]}`;
    context.reportMalformed(transform, problem);
  }
  const inputs = new Set(transform.inputs.values());
  const circular = [...transform.outputs.values()].some((output) => inputs.has(output));
  if (circular) context.reportMalformed(transform, "it writes what it reads");
  return wrong.length === 0 && !circular;
}

/** A transform without parts that hands its inputs on, or that only gave a name to nothing. */
function doesNothing(transform: TransformNode): boolean {
  const inputs = new Set(transform.inputs.values());
  const outputs = [...transform.outputs.values()];
  if (!outputs.every((output) => inputs.has(output))) return false;
  return outputs.length > 0 || namingUrns.includes(transform.urn);
}

/** Stages give ids to the transforms around the pipeline's own (ARCHITECTURE.md). */
function refuseReservedIds(graph: Graph, diagnostics: Collector): void {
  for (const transform of graph.transforms.values()) {
    if (!transform.id.startsWith("beam2spark_")) continue;
    const problem = "its id begins as those that beam2spark gives";
    diagnostics.report("plan/transform-malformed", placeOf(transform), { urn: transform.urn, problem });
  }
}

/** An operator keeps the windows of its elements; only user functions assign others. */
function refuseWindows(context: PlanContext): void {
  for (const draft of context.drafts) {
    if (draft.kind === "user-function") continue;
    const after = context.windowingStrategyOf(draft.output);
    const keeps = inputsOf(draft).every((input) =>
      haveSameWindows(context.windowingStrategyOf(input), after, context.graph.coders),
    );
    if (keeps) continue;
    const problem = "its input and its output are in windows of different kinds";
    context.diagnostics.report(
      "plan/transform-malformed",
      { transform: draft.names[0]! },
      { urn: draft.level, problem },
    );
  }
}

/**
 * Drafts in topological order. Reading refuses cycles between transforms without parts; a composite that is taken
 * whole can still close one, when its output does not depend on its input.
 */
function orderDrafts(drafts: readonly Draft[], diagnostics: Collector): readonly Draft[] {
  const { ordered, stuck } = orderByDataFlow(drafts, {
    reads: (draft) => [...inputsOf(draft), ...sideInputsOf(draft)],
    makes: outputsOf,
  });
  if (stuck !== null) {
    const problem = "the data flow around it has a cycle";
    diagnostics.report(
      "plan/transform-malformed",
      { transform: stuck.names[0]! },
      { urn: stuck.level, problem },
    );
  }
  return ordered;
}

function optimise(drafts: readonly Draft[], context: PlanContext): readonly NodeDraft[] {
  const describe = (id: string | null) => ({
    hints: id === null ? [] : (context.graph.environments.get(id)?.resourceHints ?? []),
    lanes: context.lanesOf(id),
  });
  const { ordered, stuck } = orderByDataFlow(fuseStages(dropUnread(drafts), describe), {
    reads: readsOf,
    makes: (node) => (node.kind === "stage" ? node.outputs : [node.output]),
  });
  invariant(stuck === null, stuck?.names[0] ?? "", "fusion made a cycle");
  return ordered;
}

function readsOf(node: NodeDraft): readonly string[] {
  switch (node.kind) {
    case "impulse":
    case "read":
      return [];
    case "flatten":
      return node.inputs;
    case "stage":
      return [node.input, ...node.sideInputs.map((use) => use.pcollection)];
    case "group-by-key":
    case "combine":
    case "reshuffle":
      return [node.input];
  }
}

function numbered(nodes: readonly NodeDraft[]): readonly PlanNode[] {
  return nodes.map((node, index): PlanNode => ({ id: `n${index + 1}`, ...node }));
}

function describePCollections(
  nodes: readonly PlanNode[],
  context: PlanContext,
): Readonly<Record<string, PlanPCollection>> {
  const proved = proveMetadata(nodes);
  const described = new Map<string, PlanPCollection>();
  for (const [id, metadata] of proved) described.set(id, describePCollection(id, metadata, context));
  return Object.fromEntries(described);
}

function describePCollection(id: string, metadata: ProvedMetadata, context: PlanContext): PlanPCollection {
  return {
    id,
    name: context.nameOf(id),
    coder: context.coderOf(id),
    windowing: context.windowingOf(id),
    window: windowOf(id, context),
    ...metadata,
  };
}

function windowOf(id: string, context: PlanContext): WindowColumns {
  return windowColumnsOf(context.windowingStrategyOf(id), context.graph.coders);
}
