import { MalformedMessageError } from "./malformed.js";
import type { FieldShape } from "./shapes.js";

/** Reads one scalar or enum value out of proto JSON. Throws MalformedMessageError if it does not fit. */
export function scalarFromJson(
  kind: Exclude<FieldShape["kind"], "message">,
  json: unknown,
  enumValues: ReadonlyMap<string, number> | undefined,
): unknown {
  switch (kind) {
    case "string":
      if (typeof json !== "string") throw new MalformedMessageError("a string is expected");
      if (/\p{Cs}/u.test(json)) throw new MalformedMessageError("the string is not Unicode");
      return json;
    case "bytes":
      return bytesFromJson(json);
    case "bool":
      if (typeof json !== "boolean") throw new MalformedMessageError("true or false is expected");
      return json;
    case "double":
      return floatFromJson(json);
    case "float":
      return Math.fround(floatFromJson(json));
    case "int32":
      return Number(integerFromJson(json, -(2n ** 31n), 2n ** 31n - 1n));
    case "int64":
      return integerFromJson(json, -(2n ** 63n), 2n ** 63n - 1n);
    case "enum":
      return enumFromJson(json, enumValues);
  }
}

function enumFromJson(json: unknown, values: ReadonlyMap<string, number> | undefined): number {
  if (typeof json !== "string") return Number(integerFromJson(json, -(2n ** 31n), 2n ** 31n - 1n));
  const number = values?.get(json);
  if (number === undefined) throw new MalformedMessageError("the enum has no value of this name");
  return number;
}

function bytesFromJson(json: unknown): Uint8Array {
  if (typeof json !== "string" || !/^[\w+/-]*={0,2}$/u.test(json)) {
    throw new MalformedMessageError("base64 is expected");
  }
  return new Uint8Array(Buffer.from(json, "base64"));
}

function floatFromJson(json: unknown): number {
  if (typeof json === "number") return json;
  if (json === "NaN") return Number.NaN;
  if (json === "Infinity") return Number.POSITIVE_INFINITY;
  if (json === "-Infinity") return Number.NEGATIVE_INFINITY;
  if (typeof json === "string" && decimal.test(json)) return Number(json);
  throw new MalformedMessageError("a number is expected");
}

const decimal = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/u;

/** Also takes what is written with a point or an exponent, such as `1e3`, as long as it is whole. */
function integerFromJson(json: unknown, minimum: bigint, maximum: bigint): bigint {
  let value: bigint | undefined;
  if (typeof json === "string" && /^-?\d{1,20}$/u.test(json)) value = BigInt(json);
  else if (typeof json === "string" && decimal.test(json) && Number.isInteger(Number(json)))
    value = BigInt(Number(json));
  else if (typeof json === "number" && Number.isInteger(json)) value = BigInt(json);
  if (value === undefined) throw new MalformedMessageError("a whole number is expected");
  if (value < minimum || value > maximum) throw new MalformedMessageError("the number is out of range");
  return value;
}
