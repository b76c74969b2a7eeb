import { readPythonPayload } from "../pickle/decode-python-payload.js";
import { describeClass } from "./describe-class.js";
import { makeDisplayName } from "./display-name.js";
import type { FunctionSpec } from "./function-spec.js";
import { describeParquetSource, PARQUET_SOURCE, type RecognisedParquetSource } from "./parquet-source.js";
import { readInstance } from "./read-instance.js";
import { describeTextSource, type RecognisedTextSource, TEXT_SOURCE } from "./text-source.js";

const PICKLED_SOURCE = "beam:source:pickled_python:v1";

/** What the `source` of a ReadPayload is. */
export type RecognisedSource =
  | RecognisedTextSource
  | RecognisedParquetSource
  /** A source that only Python can read. `userDefined`: its class is not Beam's. `className` is for people. */
  | { readonly kind: "python"; readonly className: string; readonly userDefined: boolean }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Tells which source a ReadPayload has, from its class and attributes. Only Beam's own text and Parquet
 * sources are looked into, and a subclass of one, such as the one with file names, is not it. Never throws.
 */
export function describeReadSource(spec: FunctionSpec): RecognisedSource {
  if (spec.urn !== PICKLED_SOURCE) {
    return { kind: "unknown", reason: `${makeDisplayName(spec.urn)} is not a source that Python pickled` };
  }
  const document = readPythonPayload(spec.payload);
  if (!document.readable) return { kind: "unknown", reason: `its pickle can't be read: ${document.reason}` };
  const { value } = document;
  const type = value.kind === "object" ? describeClass(value.callable) : null;
  if (type === null) return { kind: "unknown", reason: "its class has no name" };
  const className = `${type.module}.${type.name}`;
  const instance = readInstance(value);
  if (type.imported && className === TEXT_SOURCE && instance !== null) {
    return describeTextSource(instance, document);
  }
  if (type.imported && className === PARQUET_SOURCE && instance !== null) {
    return describeParquetSource(instance, document);
  }
  const userDefined = !type.imported || !className.startsWith("apache_beam.");
  return { kind: "python", className: makeDisplayName(className), userDefined };
}
