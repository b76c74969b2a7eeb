import { z } from "zod";
import { CombinePayload as CombinePayloadMessage } from "../protos/types/payloads.js";
import { decodePayload, type PayloadResult } from "./decode-payload.js";
import { functionSpec, nonEmpty } from "./parts.js";

const schema = z.object({ combineFn: functionSpec, accumulatorCoderId: nonEmpty });

/** A checked `CombinePayload`. */
export type CombinePayload = Readonly<z.output<typeof schema>>;

/** Decodes the payload of a combine or of a part of a lifted one (`beam_runner_api.proto`, CombinePayload). */
export function decodeCombinePayload(payload: Uint8Array): PayloadResult<CombinePayload> {
  return decodePayload(CombinePayloadMessage, schema, payload);
}
