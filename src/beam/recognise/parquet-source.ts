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
} from "./file-source.js";
import type { PickledInstance } from "./read-instance.js";

/** Beam's Parquet source, and whether its files, and the columns that it takes of them, are known. */
export type RecognisedParquetSource =
  | {
      readonly kind: "parquet";
      readonly exact: true;
      readonly pattern: string;
      /** Names of columns or beginnings of nested ones, as pyarrow takes them; null for all. */
      readonly columns: readonly string[] | null;
    }
  | {
      readonly kind: "parquet";
      readonly exact: false;
      /** Why it is not exact, one clause each. */
      readonly reasons: readonly string[];
    };

export const PARQUET_SOURCE = "apache_beam.io.parquetio._ParquetSource";

const checks: Readonly<Record<string, Check>> = {
  ...fileSourceChecks,
  _columns: optional(
    (value) => value.kind === "none" || readTexts(value) !== null,
    "its columns are not a list of names",
  ),
};

/** Reads an instance of `_ParquetSource`. Its attributes are those of Beam 2.77. */
export function describeParquetSource(
  instance: PickledInstance,
  document: ReadablePickle,
): RecognisedParquetSource {
  const { attributes } = instance;
  const reasons = findReasons(attributes, checks);
  if (reasons.length === 0 && findUnexpectedCall(document, collectOwnCalls(instance, [])) !== null) {
    reasons.push("loading it does more than to make it");
  }
  if (readText(attributes.get("_compression_type")) !== "auto") {
    reasons.push("a file's name doesn't say how it is compressed");
  }
  const pattern = readPattern(attributes.get("_pattern"));
  if (reasons.length > 0 || pattern === null) return { kind: "parquet", exact: false, reasons };
  return { kind: "parquet", exact: true, pattern, columns: readTexts(attributes.get("_columns")) };
}

function readTexts(value: PickleValue | undefined): readonly string[] | null {
  if (value?.kind !== "list") return null;
  const texts = value.items.map(readText);
  return texts.every((text) => text !== null) ? texts : null;
}
