import { URN } from "../../beam/urns.js";
import { invariant } from "../../diagnostics/invariant.js";
import type { ValueLayout } from "./layout.js";

/** A coder as layouts look at it: the pipeline's own or one that the plan added. */
export interface CoderShape {
  readonly urn: string;
  readonly components: readonly string[];
}

/** Deeper than this a value stays in its coder's bytes: nested columns that deep help nobody. */
const deepestColumns = 8;

/**
 * How values of a coder lie in columns: typed where every part is a standard coder, else the coder's own bytes
 * (`beam_runner_api.proto`, StandardCoders).
 */
export function valueLayoutOf(
  coder: string,
  coders: (id: string) => CoderShape | undefined,
  depth = 0,
): ValueLayout {
  const shape = coders(coder);
  invariant(shape, coder, "this coder was not checked when read");
  const component = (index: number): ValueLayout =>
    valueLayoutOf(shape.components[index]!, coders, depth + 1);
  const encoded: ValueLayout = { kind: "encoded", coder };
  if (depth > deepestColumns) return encoded;
  switch (shape.urn) {
    case URN.coderBytes:
      return { kind: "bytes" };
    case URN.coderStringUtf8:
      return { kind: "utf8" };
    case URN.coderBool:
      return { kind: "bool" };
    case URN.coderVarint:
      return { kind: "varint" };
    case URN.coderDouble:
      return { kind: "double" };
    case URN.coderKv:
      return shape.components.length === 2 ? { kind: "kv", key: component(0), value: component(1) } : encoded;
    case URN.coderIterable:
      return shape.components.length === 1 ? { kind: "iterable", element: component(0) } : encoded;
    case URN.coderNullable: {
      if (shape.components.length !== 1) return encoded;
      const value = component(0);
      return value.kind === "nullable" || value.kind === "kv" ? encoded : { kind: "nullable", value };
    }
    default:
      return encoded;
  }
}

/** Columns on which Spark's equality is the equality of Beam's encoded bytes. Floats are not: 0.0 and -0.0. */
const exactKeys: readonly ValueLayout["kind"][] = ["bytes", "utf8", "bool", "varint"];

/** A layout in which values may be grouped by: typed where equality is exact, else the coder's bytes. */
export function groupable(value: ValueLayout, coder: string): ValueLayout {
  return exactKeys.includes(value.kind) ? value : { kind: "encoded", coder };
}

/** The same KV with a key that may be grouped by. */
export function withGroupableKey(value: ValueLayout, keyCoder: string): ValueLayout {
  invariant(value.kind === "kv", keyCoder, "only pairs can be grouped");
  return { ...value, key: groupable(value.key, keyCoder) };
}
