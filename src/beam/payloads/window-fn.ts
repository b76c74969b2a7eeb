import { z } from "zod";
import type { MessageType } from "../protos/message-type.js";
import type { Duration, Timestamp } from "../protos/types/google.js";
import {
  FixedWindowsPayload,
  GlobalWindowsPayload,
  SessionWindowsPayload,
  SlidingWindowsPayload,
} from "../protos/types/windowing.js";
import { URN } from "../urns.js";
import { decodePayload, type PayloadResult } from "./decode-payload.js";

/** A window function that every SDK has, with its parameters in milliseconds. */
export type StandardWindowFn =
  | { readonly kind: "global" }
  | { readonly kind: "fixed"; readonly size: bigint; readonly offset: bigint }
  | { readonly kind: "sliding"; readonly size: bigint; readonly period: bigint; readonly offset: bigint }
  | { readonly kind: "session"; readonly gap: bigint };

/** Windows and gaps last at least a millisecond, Beam's smallest step of time. */
const length = z
  .custom<Duration | undefined>()
  .transform(toMillis)
  .refine((millis) => millis > 0n, "is not at least a millisecond");
const offset = z.custom<Timestamp | undefined>().transform(toMillis);

const fixed = z.object({ size: length, offset });
const sliding = z.object({ size: length, period: length, offset });
const session = z.object({ gapSize: length });

/** Decodes the payload of a standard window function (`standard_window_fns.proto`); null for any other URN. */
export function decodeWindowFn(urn: string, payload: Uint8Array): PayloadResult<StandardWindowFn> | null {
  switch (urn) {
    case URN.windowFnGlobal:
      return decodeWith(GlobalWindowsPayload, z.unknown(), payload, () => ({ kind: "global" }));
    case URN.windowFnFixed:
      return decodeWith(FixedWindowsPayload, fixed, payload, (fields) => ({ kind: "fixed", ...fields }));
    case URN.windowFnSliding:
      return decodeWith(SlidingWindowsPayload, sliding, payload, (fields) => ({
        kind: "sliding",
        ...fields,
      }));
    case URN.windowFnSession:
      return decodeWith(SessionWindowsPayload, session, payload, ({ gapSize }) => ({
        kind: "session",
        gap: gapSize,
      }));
    default:
      return null;
  }
}

function decodeWith<S extends z.ZodType>(
  type: MessageType<FixedWindowsPayload | SessionWindowsPayload | GlobalWindowsPayload>,
  schema: S,
  payload: Uint8Array,
  make: (fields: z.output<S>) => StandardWindowFn,
): PayloadResult<StandardWindowFn> {
  const decoded = decodePayload(type, schema, payload);
  return decoded.ok ? { ok: true, value: make(decoded.value) } : decoded;
}

/** Rounds towards the past, as SDKs do when they turn finer times into Beam's milliseconds. */
function toMillis(value: Duration | Timestamp | undefined): bigint {
  if (value === undefined) return 0n;
  return value.seconds * 1000n + BigInt(Math.floor(value.nanos / 1_000_000));
}
