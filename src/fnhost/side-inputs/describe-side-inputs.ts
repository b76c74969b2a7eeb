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
  /** Who reads it. */
  readonly readers: readonly SideInputReader[];
}

/** A transform's side input. */
export interface SideInputReader {
  readonly transform: string;
  readonly input: string;
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
    const reads = readsOf(stage, pcollection);
    const patterns = new Set(reads.map(({ pattern }) => pattern));
    return {
      pcollection,
      coderId: id,
      form: { layout, coder, window },
      use: {
        isIterated: patterns.has(URN.sideInputIterable),
        isLookedUp: patterns.has(URN.sideInputMultimap),
      },
      readers: reads.map(({ transform, input }) => ({ transform, input })),
    };
  });
}

/** The side inputs of the stage's transforms that are a PCollection, and how they are read. */
function readsOf(
  { transforms }: ProcessBundleDescriptor,
  pcollection: string,
): readonly (SideInputReader & { readonly pattern: string })[] {
  return [...transforms].flatMap(([transform, { inputs, spec }]) => {
    if (spec === undefined || !parDos.has(spec.urn)) return [];
    const { sideInputs } = ParDoPayload.decode(spec.payload);
    return [...sideInputs].flatMap(([input, { accessPattern }]) =>
      inputs.get(input) === pcollection && accessPattern !== undefined
        ? [{ transform, input, pattern: accessPattern.urn }]
        : [],
    );
  });
}
