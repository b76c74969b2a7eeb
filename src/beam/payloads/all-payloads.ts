import { URN } from "../urns.js";
import { decodeCombinePayload } from "./combine.js";
import type { PayloadResult } from "./decode-payload.js";
import { decodeDockerPayload, decodeExternalPayload, decodeProcessPayload } from "./environment.js";
import { decodeParDoPayload } from "./par-do.js";
import { decodeReadPayload } from "./read.js";
import { decodeWindowIntoPayload } from "./window-into.js";

/** Decodes and checks one kind of payload. */
export type PayloadDecoder = (payload: Uint8Array) => PayloadResult<unknown>;

/** Transforms whose payloads are read, by URN. A new payload is one file and one line here. */
export const transformPayloads: ReadonlyMap<string, PayloadDecoder> = new Map<string, PayloadDecoder>([
  [URN.parDo, decodeParDoPayload],
  [URN.pairWithRestriction, decodeParDoPayload],
  [URN.splitAndSizeRestrictions, decodeParDoPayload],
  [URN.truncateSizedRestrictions, decodeParDoPayload],
  [URN.processSizedElementsAndRestrictions, decodeParDoPayload],
  [URN.combinePerKey, decodeCombinePayload],
  [URN.combineGlobally, decodeCombinePayload],
  [URN.combinePrecombine, decodeCombinePayload],
  [URN.combineMergeAccumulators, decodeCombinePayload],
  [URN.combineExtractOutputs, decodeCombinePayload],
  [URN.combineConvertToAccumulators, decodeCombinePayload],
  [URN.combineGroupedValues, decodeCombinePayload],
  [URN.read, decodeReadPayload],
  [URN.windowInto, decodeWindowIntoPayload],
]);

/** Environments whose payloads are read, by URN. */
export const environmentPayloads: ReadonlyMap<string, PayloadDecoder> = new Map<string, PayloadDecoder>([
  [URN.environmentDocker, decodeDockerPayload],
  [URN.environmentProcess, decodeProcessPayload],
  [URN.environmentExternal, decodeExternalPayload],
]);
