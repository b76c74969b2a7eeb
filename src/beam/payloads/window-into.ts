import { z } from "zod";
import { WindowIntoPayload as WindowIntoPayloadMessage } from "../protos/types/payloads.js";
import { decodePayload, type PayloadResult } from "./decode-payload.js";
import { functionSpec } from "./parts.js";

const schema = z.object({ windowFn: functionSpec });

/** A checked `WindowIntoPayload`. */
export type WindowIntoPayload = Readonly<z.output<typeof schema>>;

/** Decodes the payload of `beam:transform:window_into:v1` (`beam_runner_api.proto`, WindowIntoPayload). */
export function decodeWindowIntoPayload(payload: Uint8Array): PayloadResult<WindowIntoPayload> {
  return decodePayload(WindowIntoPayloadMessage, schema, payload);
}
