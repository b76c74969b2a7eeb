import type { ProcessBundleDescriptor } from "../../beam/protos/types/bundle.js";
import { ParDoPayload } from "../../beam/protos/types/payloads.js";
import { URN } from "../../beam/urns.js";
import type { Layout } from "../../compiler/4-physical/layout.js";
import type { WorkerCoders } from "../worker-coders.js";
import type { SideInputForm, SideInputUse } from "./side-input.js";

/** One side input of a stage. */
export interface StageSideInput {
  /** The PCollection's id in the stage's descriptor. */
  readonly pcollection: string;
  /** The coder that the worker reads its elements with: one that the host writes. */
  readonly coderId: string;
  readonly form: SideInputForm;
  readonly use: SideInputUse;
}

/** Transforms whose payload is a ParDoPayload, and which may so have side inputs. */
const parDos: ReadonlySet<string> = new Set([
  URN.parDo,
  URN.pairWithRestriction,
  URN.splitAndSizeRestrictions,
  URN.truncateSizedRestrictions,
  URN.processSizedElementsAndRestrictions,
]);

/** What the host has to know of a stage's side inputs, in the order of the stage's JSON. */
export function describeSideInputs(
  stage: ProcessBundleDescriptor,
  sideInputs: readonly { readonly pcollection: string; readonly layout: Layout }[],
  coders: WorkerCoders,
): readonly StageSideInput[] {
  return sideInputs.map(({ pcollection, layout }) => {
    const { coderId, windowingStrategyId } = stage.pcollections.get(pcollection)!;
    const { windowCoderId } = stage.windowingStrategies.get(windowingStrategyId)!;
    const { id, tree: coder } = coders.ofPairs(layout.value, coderId);
    const { tree: window } = coders.readable(windowCoderId);
    const patterns = patternsOf(stage, pcollection);
    return {
      pcollection,
      coderId: id,
      form: { layout, coder, window },
      use: {
        isIterated: patterns.has(URN.sideInputIterable),
        isLookedUp: patterns.has(URN.sideInputMultimap),
      },
    };
  });
}

/** The access patterns by which the stage's transforms read a PCollection. */
function patternsOf({ transforms }: ProcessBundleDescriptor, pcollection: string): ReadonlySet<string> {
  const patterns = new Set<string>();
  for (const { inputs, spec } of transforms.values()) {
    if (spec === undefined || !parDos.has(spec.urn)) continue;
    const { sideInputs } = ParDoPayload.decode(spec.payload);
    for (const [tag, { accessPattern }] of sideInputs)
      if (inputs.get(tag) === pcollection && accessPattern !== undefined) patterns.add(accessPattern.urn);
  }
  return patterns;
}
