import { decodeCombinePayload } from "../../beam/payloads/combine.js";
import { decodeParDoPayload } from "../../beam/payloads/par-do.js";
import { stateCoders } from "../../beam/payloads/state-coders.js";
import { URN } from "../../beam/urns.js";
import type { Graph } from "../2-graph/graph.js";
import type { Plan } from "../3-plan/plan.js";
import type { Layout, ValueLayout } from "./layout.js";
import { ownEntry } from "./own-entry.js";
import type { PhysicalReadDataSource, PhysicalStage } from "./physical-plan.js";

/** The ids of everything that a stage's descriptor must hold, the pipeline's own and what the plan added. */
export interface StageComponents {
  readonly transforms: ReadonlySet<string>;
  readonly pcollections: ReadonlySet<string>;
  readonly coders: ReadonlySet<string>;
  readonly windowings: ReadonlySet<string>;
  readonly environments: ReadonlySet<string>;
}

/** Collects what the transforms of a stage refer to, through coders of coders and windows of windowing strategies. */
export function stageComponents(
  node: PhysicalStage | PhysicalReadDataSource,
  plan: Plan,
  graph: Graph,
): StageComponents {
  const found = {
    transforms: new Set<string>(),
    pcollections: new Set<string>(),
    coders: new Set<string>(),
    windowings: new Set<string>(),
    environments: new Set<string>(),
  };
  const addCoder = (first: string): void => {
    const pending = [first];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (found.coders.has(id)) continue;
      const coder = ownEntry(plan.added.coders, id) ?? graph.coders.get(id);
      if (coder === undefined) continue;
      found.coders.add(id);
      pending.push(...coder.components);
    }
  };
  const addPCollection = (id: string): void => {
    if (found.pcollections.has(id)) return;
    const pcollection = ownEntry(plan.added.pcollections, id) ?? graph.pcollections.get(id);
    if (pcollection === undefined) return;
    found.pcollections.add(id);
    addCoder(pcollection.coder);
    addWindowing(pcollection.windowing);
  };
  const addWindowing = (id: string): void => {
    if (found.windowings.has(id)) return;
    found.windowings.add(id);
    const windowing = graph.windowings.get(id);
    if (windowing === undefined) return;
    addCoder(windowing.windowCoderId);
    if (windowing.environmentId !== "") found.environments.add(windowing.environmentId);
  };
  for (const { pcollection, layout } of node.outputs) {
    addPCollection(pcollection);
    for (const coder of codersOf(layout)) addCoder(coder);
  }
  if (node.kind === "stage") {
    if (node.lane === "fn-api" && node.environment !== null) found.environments.add(node.environment);
    addPCollection(node.inputPCollection);
    for (const coder of codersOf(node.inputLayout)) addCoder(coder);
    if (node.grouped?.merge === "custom") addWindowing(node.grouped.windowing);
    for (const side of node.sideInputs) {
      addPCollection(side.pcollection);
      for (const coder of codersOf(side.layout)) addCoder(coder);
    }
    for (const id of node.transforms) addTransform(id, plan, graph, found, addPCollection, addCoder);
  }
  return found;
}

function addTransform(
  id: string,
  plan: Plan,
  graph: Graph,
  found: { readonly transforms: Set<string>; readonly environments: Set<string> },
  addPCollection: (id: string) => void,
  addCoder: (id: string) => void,
): void {
  found.transforms.add(id);
  const added = ownEntry(plan.added.transforms, id);
  const original = graph.transforms.get(added?.like ?? id);
  if (original === undefined) return;
  const inputs = added === undefined ? [...original.inputs.values()] : Object.values(added.inputs);
  const outputs = added === undefined ? [...original.outputs.values()] : Object.values(added.outputs);
  for (const pcollection of [...inputs, ...outputs]) addPCollection(pcollection);
  if (original.environment !== null) found.environments.add(original.environment);
  for (const coder of payloadCoders(original.urn, original.payload)) addCoder(coder);
}

/** Coders that a payload names by id. */
function payloadCoders(urn: string, payload: Uint8Array): readonly string[] {
  if (urn === URN.parDo) {
    const decoded = decodeParDoPayload(payload);
    if (!decoded.ok) return [];
    const { restrictionCoderId, stateSpecs, timerFamilySpecs } = decoded.value;
    return [
      ...(restrictionCoderId === "" ? [] : [restrictionCoderId]),
      ...[...stateSpecs.values()].flatMap(stateCoders),
      ...[...timerFamilySpecs.values()].map(({ timerFamilyCoderId }) => timerFamilyCoderId),
    ];
  }
  const combine = decodeCombinePayload(payload);
  return combine.ok ? [combine.value.accumulatorCoderId] : [];
}

function codersOf(layout: Layout): readonly string[] {
  const found: string[] = layout.window.kind === "encoded" ? [layout.window.coder] : [];
  const pending: ValueLayout[] = [layout.value];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (value.kind === "encoded" || value.kind === "coded-integer") found.push(value.coder);
    else if (value.kind === "nullable") pending.push(value.value);
    else if (value.kind === "iterable") pending.push(value.element);
    else if (value.kind === "kv") pending.push(value.key, value.value);
  }
  return found;
}
