import type { StateSpec } from "../protos/types/payloads.js";

/** The coders that a state cell names, in no particular order (`beam_runner_api.proto`, StateSpec). */
export function stateCoders(spec: StateSpec): readonly string[] {
  const named = [
    spec.readModifyWriteSpec?.coderId,
    spec.bagSpec?.elementCoderId,
    spec.setSpec?.elementCoderId,
    spec.orderedListSpec?.elementCoderId,
    spec.combiningSpec?.accumulatorCoderId,
    spec.mapSpec?.keyCoderId,
    spec.mapSpec?.valueCoderId,
    spec.multimapSpec?.keyCoderId,
    spec.multimapSpec?.valueCoderId,
  ];
  return named.filter((coder) => coder !== undefined);
}
