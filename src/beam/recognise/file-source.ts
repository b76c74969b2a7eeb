import type { PickleObject, PickleValue } from "../pickle/pickle-value.js";
import { type PickledInstance, readInstance } from "./read-instance.js";
import { isGlobal } from "./resolve-global.js";

/** Says why an attribute of a pickled source is not what it has to be, in a clause, or null where it is. */
export type Check = (value: PickleValue | undefined) => string | null;

/**
 * What the attributes that all of Beam's sources of files share have to be, for one that reads whole files whose
 * names say how they are compressed. How files are split does not change what is in them.
 */
export const fileSourceChecks: Readonly<Record<string, Check>> = {
  _pattern: (value) =>
    readPattern(value) === null ? "the pattern is given only when the pipeline runs" : null,
  _concat_source: optional(
    (value) => value.kind === "none",
    "the files were listed when the pipeline was made",
  ),
  _min_bundle_size: optional((value) => value.kind === "int", "the minimum bundle size is not a number"),
  _splittable: optional((value) => value.kind === "bool", "splitting is neither on nor off"),
  _compression_type: (value) => checkCompression(readText(value)),
};

/** Why a source's attributes are not what the checks say, one clause each; none that nobody knows may be there. */
export function findReasons(
  attributes: ReadonlyMap<string, PickleValue>,
  checks: Readonly<Record<string, Check>>,
): string[] {
  const reasons: string[] = [];
  for (const name of attributes.keys()) {
    if (!Object.hasOwn(checks, name)) reasons.push("it has an attribute that Beam 2.77 doesn't know");
  }
  for (const [name, check] of Object.entries(checks)) {
    const reason = check(attributes.get(name));
    if (reason !== null) reasons.push(reason);
  }
  return reasons;
}

/** A source's file pattern, null where it is given only when the pipeline runs. */
export function readPattern(value: PickleValue | undefined): string | null {
  const provider = value === undefined ? null : readInstance(value);
  if (provider === null) return null;
  if (!isGlobal(provider.type, "apache_beam.options.value_provider", "StaticValueProvider")) return null;
  const type = provider.attributes.get("value_type");
  if (type === undefined || !isGlobal(type, "builtins", "str") || provider.attributes.size !== 2) return null;
  return readText(provider.attributes.get("value"));
}

/** The calls that the checked attributes of a source are made of; `parts` names those that are objects. */
export function collectOwnCalls(instance: PickledInstance, parts: readonly string[]): Set<PickleObject> {
  const calls = new Set<PickleObject>([instance.object]);
  const provider = instance.attributes.get("_pattern");
  const type = provider === undefined ? undefined : readInstance(provider)?.attributes.get("value_type");
  for (const value of [provider, type, ...parts.map((name) => instance.attributes.get(name))]) {
    if (value?.kind === "object") calls.add(value);
  }
  return calls;
}

/** An attribute that has to be there and for which `holds`. */
export function required(holds: (value: PickleValue) => boolean, otherwise: string): Check {
  return (value) => (value !== undefined && holds(value) ? null : otherwise);
}

/** An attribute for which `holds` where it is there: those that may be missing came with later versions of Beam. */
export function optional(holds: (value: PickleValue) => boolean, otherwise: string): Check {
  return (value) => (value === undefined || holds(value) ? null : otherwise);
}

/** The text of a string, null for anything else. */
export function readText(value: PickleValue | undefined): string | null {
  return value?.kind === "str" ? value.value : null;
}

function checkCompression(name: string | null): string | null {
  if (name === "auto" || name === "uncompressed") return null;
  return name === null
    ? "the compression has no name"
    : "the files have one compression, whatever their names";
}
