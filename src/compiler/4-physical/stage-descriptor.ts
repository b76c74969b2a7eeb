import { ProcessBundleDescriptor } from "../../beam/protos/types/bundle.js";
import { Coder, IsBounded, PCollection, PTransform } from "../../beam/protos/types/pipeline.js";
import { invariant } from "../../diagnostics/invariant.js";
import type { ComponentBytes } from "../1-read/component-bytes.js";
import type { Graph } from "../2-graph/graph.js";
import type { AddedTransform, Plan } from "../3-plan/plan.js";
import { ownEntry } from "./own-entry.js";
import type { PhysicalReadDataSource, PhysicalStage } from "./physical-plan.js";
import { stageComponents } from "./stage-components.js";

const SOURCE_TRANSFORM = "beam2spark_source";
const sinkTransform = (output: number): string => `beam2spark_sink_${output}`;

const SOURCE_URN = "beam2spark:transform:source:v1";
const SINK_URN = "beam2spark:transform:sink:v1";

/**
 * The ProcessBundleDescriptor of a stage (ARCHITECTURE.md): the pipeline's own components byte for byte, the parts
 * that the plan added, and around them one source and a sink per output.
 *
 * @param original the bytes of each component as the SDK wrote them
 */
export function describeStage(
  node: PhysicalStage | PhysicalReadDataSource,
  plan: Plan,
  graph: Graph,
  original: ComponentBytes,
): Uint8Array {
  const components = stageComponents(node, plan, graph);
  const bytesOf = (kind: keyof ComponentBytes, id: string): Uint8Array => {
    const bytes = original[kind].get(id);
    invariant(bytes, id, `its bytes are not among the pipeline's ${String(kind)}`);
    return bytes;
  };
  const transforms = [...components.transforms].map((id) => {
    const added = ownEntry(plan.added.transforms, id);
    return [
      id,
      added === undefined
        ? bytesOf("transforms", id)
        : addTransform(added, bytesOf("transforms", added.like)),
    ] as const;
  });
  const pcollections = [...components.pcollections].map((id) => {
    const added = ownEntry(plan.added.pcollections, id);
    if (added === undefined) return [id, bytesOf("pcollections", id)] as const;
    const { name, coder, windowing } = added;
    const made = {
      uniqueName: name,
      coderId: coder,
      isBounded: IsBounded.BOUNDED,
      windowingStrategyId: windowing,
    };
    return [id, PCollection.encode(made)] as const;
  });
  const coders = [...components.coders].map((id) => {
    const added = ownEntry(plan.added.coders, id);
    if (added === undefined) return [id, bytesOf("coders", id)] as const;
    return [id, Coder.encode({ spec: { urn: added.urn }, componentCoderIds: added.components })] as const;
  });
  return ProcessBundleDescriptor.encode({
    id: node.stage,
    transforms: new Map([...edgeTransforms(node), ...transforms]),
    pcollections: new Map(pcollections),
    coders: new Map(coders),
    windowingStrategies: new Map(
      [...components.windowings].map((id) => [id, bytesOf("windowingStrategies", id)]),
    ),
    environments: new Map([...components.environments].map((id) => [id, bytesOf("environments", id)])),
  });
}

/** The transform it is like, with another URN, name, inputs and outputs; fields that we don't know stay. */
function addTransform(added: AddedTransform, like: Uint8Array): Uint8Array {
  const transform = PTransform.decode(like);
  return PTransform.encode({
    ...transform,
    spec: { urn: added.urn, payload: transform.spec?.payload ?? new Uint8Array(0) },
    uniqueName: added.name,
    subtransforms: [],
    inputs: new Map(Object.entries(added.inputs)),
    outputs: new Map(Object.entries(added.outputs)),
  });
}

function edgeTransforms(
  node: PhysicalStage | PhysicalReadDataSource,
): readonly (readonly [string, Uint8Array])[] {
  if (node.kind === "read-data-source") return [];
  const source = PTransform.encode({
    spec: { urn: SOURCE_URN },
    uniqueName: SOURCE_TRANSFORM,
    outputs: new Map([["out", node.inputPCollection]]),
  });
  const sinks = node.outputs.map(({ pcollection }, index) => {
    const id = sinkTransform(index);
    const inputs = new Map([["in", pcollection]]);
    return [id, PTransform.encode({ spec: { urn: SINK_URN }, uniqueName: id, inputs })] as const;
  });
  return [[SOURCE_TRANSFORM, source] as const, ...sinks];
}
