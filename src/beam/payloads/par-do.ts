import { z } from "zod";
import { ParDoPayload as ParDoPayloadMessage, type StateSpec } from "../protos/types/payloads.js";
import { TimeDomain } from "../protos/types/windowing.js";
import { decodePayload, type PayloadResult } from "./decode-payload.js";
import { enumName, functionSpec, nonEmpty } from "./parts.js";
import { sideInput } from "./side-input.js";

const stateKinds = [
  "readModifyWriteSpec",
  "bagSpec",
  "combiningSpec",
  "mapSpec",
  "setSpec",
  "orderedListSpec",
  "multimapSpec",
] as const satisfies readonly (keyof StateSpec)[];

const stateSpec = z.custom<StateSpec>(
  (value) => stateKinds.some((kind) => (value as StateSpec)[kind] !== undefined),
  "is of no known kind",
);

const schema = z.object({
  doFn: functionSpec,
  sideInputs: z.map(z.string(), sideInput),
  stateSpecs: z.map(z.string(), stateSpec),
  timerFamilySpecs: z.map(
    z.string(),
    z.object({ timeDomain: enumName(TimeDomain), timerFamilyCoderId: nonEmpty }).readonly(),
  ),
  restrictionCoderId: z.string(),
  requestsFinalization: z.boolean(),
  requiresTimeSortedInput: z.boolean(),
  requiresStableInput: z.boolean(),
  onWindowExpirationTimerFamilySpec: z.string(),
});

/** A checked `ParDoPayload`. */
export type ParDoPayload = Readonly<z.output<typeof schema>>;

/** Decodes the payload of a ParDo or of a part of a splittable one (`beam_runner_api.proto`, ParDoPayload). */
export function decodeParDoPayload(payload: Uint8Array): PayloadResult<ParDoPayload> {
  return decodePayload(ParDoPayloadMessage, schema, payload);
}
