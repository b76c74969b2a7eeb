import { followFields, readNumber } from "./go-messages.js";

/** A function of a Go program, as the SDK names it for its workers. */
export interface GoFunction {
  /** A function by its symbol, or a type with methods by the name that it is registered by. */
  readonly kind: "function" | "type";
  /** With its package's path, such as `github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/stats.sumIntFn`. */
  readonly name: string;
}

/** Fields of the Go SDK's messages (`graphx/v1/v1.proto`). */
const field = {
  payloadEdge: 2,
  edgeFunction: 1,
  functionSymbol: 1,
  functionType: 2,
  symbolName: 1,
  typeKind: 1,
  typeElement: 2,
  typeKey: 9,
} as const;

const EXTERNAL_TYPE = 26;

/**
 * Reads which function the payload of a `beam:go:transform:dofn:v1` names: base64 of the SDK's own message. Null
 * where it is none, or a function that was made at run time. Never throws.
 */
export function readGoFunction(payload: Uint8Array): GoFunction | null {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("latin1");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const fn = followFields(Buffer.from(text, "base64"), [field.payloadEdge, field.edgeFunction]);
  if (fn === null) return null;
  const symbol = followFields(fn, [field.functionSymbol, field.symbolName]);
  if (symbol !== null) return { kind: "function", name: asText(symbol) };
  const type = followFields(fn, [field.functionType]);
  const named = type === null ? null : (followFields(type, [field.typeElement]) ?? type);
  if (named === null || readNumber(named, field.typeKind) !== EXTERNAL_TYPE) return null;
  const key = followFields(named, [field.typeKey]);
  return key === null ? null : { kind: "type", name: asText(key) };
}

function asText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
