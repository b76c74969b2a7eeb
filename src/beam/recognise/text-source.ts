import type { PickleObject, PickleValue, ReadablePickle } from "../pickle/pickle-value.js";
import { findUnexpectedCall } from "./expected-calls.js";
import { type PickledInstance, readInstance } from "./read-instance.js";
import { isGlobal } from "./resolve-global.js";

/**
 * Beam's text source, and whether a plain reader of lines gives the very same. `compression` is Beam's name of it:
 * `auto` (by each file's extension), `uncompressed`, `gzip`…
 */
export type RecognisedTextSource =
  /** The result is each line of the files as UTF-8 text, ended by `\n` or `\r\n`, which is taken off. */
  | {
      readonly kind: "text";
      readonly exact: true;
      readonly pattern: string;
      readonly compression: "auto" | "uncompressed";
    }
  | {
      readonly kind: "text";
      readonly exact: false;
      /** Null where the pattern is given only when the pipeline runs. */
      readonly pattern: string | null;
      readonly compression: string | null;
      /** Why it is not exact, one clause each. */
      readonly reasons: readonly string[];
    };

export const TEXT_SOURCE = "apache_beam.io.textio._TextSource";

type Check = (value: PickleValue | undefined) => string | null;

/** What each attribute has to be. Those that may be missing came with later versions of Beam. */
const checks: Readonly<Record<string, Check>> = {
  _pattern: (value) =>
    readPattern(value) === null ? "the pattern is given only when the pipeline runs" : null,
  _concat_source: optional(
    (value) => value.kind === "none",
    "the files were listed when the pipeline was made",
  ),
  // How the files are split does not change what is in them.
  _min_bundle_size: optional((value) => value.kind === "int", "the minimum bundle size is not a number"),
  _buffer_size: optional((value) => value.kind === "int", "the buffer size is not a number"),
  _splittable: optional((value) => value.kind === "bool", "splitting is neither on nor off"),
  _compression_type: (value) => checkCompression(readText(value)),
  _strip_trailing_newlines: required(isTrue, "newlines are kept at the end of each line"),
  _coder: required(isUtf8Coder, "the lines have a coder of their own"),
  _skip_header_lines: required(isZero, "header lines are skipped"),
  _header_matcher: optional((value) => value.kind === "none", "a function finds header lines"),
  _header_processor: optional((value) => value.kind === "none", "a function reads header lines"),
  _delimiter: optional((value) => value.kind === "none", "the lines end at a delimiter of their own"),
  _escapechar: optional((value) => value.kind === "none", "line ends can be escaped"),
};

/** Reads an instance of `_TextSource`. Its attributes are those of Beam 2.40 to 2.77. */
export function describeTextSource(
  instance: PickledInstance,
  document: ReadablePickle,
): RecognisedTextSource {
  const { attributes } = instance;
  const reasons: string[] = [];
  for (const name of attributes.keys()) {
    if (!Object.hasOwn(checks, name)) reasons.push("it has an attribute that Beam 2.77 doesn't know");
  }
  for (const [name, check] of Object.entries(checks)) {
    const reason = check(attributes.get(name));
    if (reason !== null) reasons.push(reason);
  }
  if (reasons.length === 0 && findUnexpectedCall(document, collectOwnCalls(instance)) !== null) {
    reasons.push("loading it does more than to make it");
  }
  const pattern = readPattern(attributes.get("_pattern"));
  const compression = readText(attributes.get("_compression_type"));
  const exact = reasons.length === 0 && pattern !== null;
  return exact && (compression === "auto" || compression === "uncompressed")
    ? { kind: "text", exact, pattern, compression }
    : { kind: "text", exact: false, pattern, compression, reasons };
}

function readPattern(value: PickleValue | undefined): string | null {
  const provider = value === undefined ? null : readInstance(value);
  if (provider === null) return null;
  if (!isGlobal(provider.type, "apache_beam.options.value_provider", "StaticValueProvider")) return null;
  const type = provider.attributes.get("value_type");
  if (type === undefined || !isGlobal(type, "builtins", "str") || provider.attributes.size !== 2) return null;
  return readText(provider.attributes.get("value"));
}

function isUtf8Coder(value: PickleValue): boolean {
  const coder = readInstance(value);
  if (coder === null || coder.attributes.size > 0) return false;
  return isGlobal(coder.type, "apache_beam.coders.coders", "StrUtf8Coder");
}

function checkCompression(name: string | null): string | null {
  if (name === "auto" || name === "uncompressed") return null;
  return name === null
    ? "the compression has no name"
    : "the files have one compression, whatever their names";
}

/** The calls that the checked attributes are made of. */
function collectOwnCalls(instance: PickledInstance): Set<PickleObject> {
  const calls = new Set<PickleObject>([instance.object]);
  const provider = instance.attributes.get("_pattern");
  const type = provider === undefined ? undefined : readInstance(provider)?.attributes.get("value_type");
  for (const value of [provider, type, instance.attributes.get("_coder")]) {
    if (value?.kind === "object") calls.add(value);
  }
  return calls;
}

function required(holds: (value: PickleValue) => boolean, otherwise: string): Check {
  return (value) => (value !== undefined && holds(value) ? null : otherwise);
}

function optional(holds: (value: PickleValue) => boolean, otherwise: string): Check {
  return (value) => (value === undefined || holds(value) ? null : otherwise);
}

function isTrue(value: PickleValue): boolean {
  return value.kind === "bool" && value.value;
}

function isZero(value: PickleValue): boolean {
  return value.kind === "int" && value.value === 0n;
}

function readText(value: PickleValue | undefined): string | null {
  return value?.kind === "str" ? value.value : null;
}
