import type { PickleValue, ReadablePickle } from "../pickle/pickle-value.js";
import { findUnexpectedCall } from "./expected-calls.js";
import {
  type Check,
  collectOwnCalls,
  fileSourceChecks,
  findReasons,
  optional,
  readPattern,
  readText,
  required,
} from "./file-source.js";
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

const checks: Readonly<Record<string, Check>> = {
  ...fileSourceChecks,
  _buffer_size: optional((value) => value.kind === "int", "the buffer size is not a number"),
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
  const reasons = findReasons(attributes, checks);
  if (reasons.length === 0 && findUnexpectedCall(document, collectOwnCalls(instance, ["_coder"])) !== null) {
    reasons.push("loading it does more than to make it");
  }
  const pattern = readPattern(attributes.get("_pattern"));
  const compression = readText(attributes.get("_compression_type"));
  const exact = reasons.length === 0 && pattern !== null;
  return exact && (compression === "auto" || compression === "uncompressed")
    ? { kind: "text", exact, pattern, compression }
    : { kind: "text", exact: false, pattern, compression, reasons };
}

function isUtf8Coder(value: PickleValue): boolean {
  const coder = readInstance(value);
  if (coder === null || coder.attributes.size > 0) return false;
  return isGlobal(coder.type, "apache_beam.coders.coders", "StrUtf8Coder");
}

function isTrue(value: PickleValue): boolean {
  return value.kind === "bool" && value.value;
}

function isZero(value: PickleValue): boolean {
  return value.kind === "int" && value.value === 0n;
}
