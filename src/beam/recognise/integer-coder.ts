import { followFields, readNumber } from "../go/go-messages.js";
import { readJavaClass } from "../java/read-java-class.js";
import type { FunctionSpec } from "./function-spec.js";

/** Bits that a language's integer type keeps; more than that is cut off. */
export type IntegerWidth = 8 | 16 | 32 | 64;

/**
 * How an integer is written. `varint`: Beam's own, the 64 bits of the two's complement. `varint32`: as many as the 32
 * bits of it take. `zigzag`: a varint of the magnitude with the sign in the lowest bit, a length before it.
 */
export type IntegerEncoding = "varint" | "varint32" | "zigzag";

/** An integer coder that is an SDK's own. */
export interface IntegerCoder {
  readonly encoding: Exclude<IntegerEncoding, "varint">;
  readonly width: IntegerWidth;
}

const JAVA_CODER = "beam:coders:javasdk:0.1";
const VAR_INT_CODER = "org.apache.beam.sdk.coders.VarIntCoder";
const GO_CODER = "beam:go:coder:custom:v1";
const CODER_PACKAGE = "github.com/apache/beam/sdks/v2/go/pkg/beam/core/runtime/coderx";

/** Fields of the Go SDK's `CustomCoder` (`graphx/v1/v1.proto`). */
const field = { type: 2, encoder: 3, decoder: 4, symbolName: 1, typeKind: 1 } as const;

/** Kinds of Go's signed integers; `int` has 64 bits on every machine that Beam has workers for. */
const goWidths: ReadonlyMap<number, IntegerWidth> = new Map([
  [2, 64],
  [3, 8],
  [4, 16],
  [5, 32],
  [6, 64],
]);

/**
 * Tells whether a coder is one that an SDK has for its integers beside Beam's varint: the Go SDK's of `int` and its
 * like, without the length that is around it in a pipeline, or the Java SDK's of `Integer`. Null where it is not. Never
 * throws.
 */
export function describeIntegerCoder({ urn, payload }: FunctionSpec): IntegerCoder | null {
  if (urn === GO_CODER) return describeGoCoder(payload);
  const type = urn === JAVA_CODER ? readJavaClass(payload) : null;
  return type?.name === VAR_INT_CODER && type.isPlain ? { encoding: "varint32", width: 32 } : null;
}

function describeGoCoder(payload: Uint8Array): IntegerCoder | null {
  const coder = Buffer.from(Buffer.from(payload).toString("latin1"), "base64");
  const symbolAt = (path: readonly number[]): string =>
    Buffer.from(followFields(coder, path) ?? []).toString("utf8");
  const isSigned =
    symbolAt([field.encoder, field.symbolName]) === `${CODER_PACKAGE}.encVarIntZ` &&
    symbolAt([field.decoder, field.symbolName]) === `${CODER_PACKAGE}.decVarIntZ`;
  const type = followFields(coder, [field.type]);
  const kind = !isSigned || type === null ? null : readNumber(type, field.typeKind);
  const width = kind === null ? undefined : goWidths.get(kind);
  return width === undefined ? null : { encoding: "zigzag", width };
}
