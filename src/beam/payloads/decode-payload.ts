import type { z } from "zod";
import { MalformedMessageError } from "../protos/malformed.js";
import type { Message, MessageType } from "../protos/message-type.js";

/** A payload that was read, or why it can't be: one clause that begins with the field concerned. */
export type PayloadResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string };

/** Decodes a payload's bytes as `type` and checks it by `schema`. Never throws for what the bytes hold. */
export function decodePayload<M extends Message, S extends z.ZodType>(
  type: MessageType<M>,
  schema: S,
  bytes: Uint8Array,
): PayloadResult<z.output<S>> {
  let message: M;
  try {
    message = type.decode(bytes);
  } catch (error) {
    if (!(error instanceof MalformedMessageError)) throw error;
    return { ok: false, why: error.message };
  }
  return checkMessage(schema, message);
}

/** Checks a message that is decoded already. */
export function checkMessage<S extends z.ZodType>(schema: S, message: Message): PayloadResult<z.output<S>> {
  const checked = schema.safeParse(message);
  if (checked.success) return { ok: true, value: checked.data };
  return {
    ok: false,
    why: checked.error.issues
      .map((issue) => `${formatPath(issue.path, message)} ${issue.message}`)
      .join("; "),
  };
}

/** The path as the proto has it: fields in snake case, keys of maps in brackets. */
function formatPath(path: readonly PropertyKey[], message: unknown): string {
  let text = "";
  let value: unknown = message;
  for (const segment of path) {
    if (value instanceof Map) {
      text += `[${JSON.stringify(segment)}]`;
      value = value.get(segment);
    } else if (Array.isArray(value)) {
      text += `[${String(segment)}]`;
      value = value[Number(segment)];
    } else {
      const name = String(segment).replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
      text += text === "" ? name : `.${name}`;
      value = typeof value === "object" && value !== null ? Reflect.get(value, segment) : undefined;
    }
  }
  return text === "" ? "the payload" : text;
}
