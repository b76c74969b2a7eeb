import { z } from "zod";
import { ReadPayload as ReadPayloadMessage } from "../protos/types/payloads.js";
import { IsBounded } from "../protos/types/pipeline.js";
import { decodePayload, type PayloadResult } from "./decode-payload.js";
import { enumName, functionSpec } from "./parts.js";

const schema = z.object({
  source: functionSpec,
  isBounded: enumName(IsBounded).transform((name, context): boolean => {
    if (name === "UNSPECIFIED")
      context.addIssue({ code: "custom", message: "does not say whether the source ends" });
    return name === "BOUNDED";
  }),
});

/** A checked `ReadPayload`. */
export type ReadPayload = Readonly<z.output<typeof schema>>;

/** Decodes the payload of `beam:transform:read:v1` (`beam_runner_api.proto`, ReadPayload). */
export function decodeReadPayload(payload: Uint8Array): PayloadResult<ReadPayload> {
  return decodePayload(ReadPayloadMessage, schema, payload);
}
