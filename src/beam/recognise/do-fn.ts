import { readPythonPayload } from "../pickle/decode-python-payload.js";
import type { PickleValue, ReadablePickle } from "../pickle/pickle-value.js";
import { describeClass } from "./describe-class.js";
import { describeFunction } from "./describe-function.js";
import { makeDisplayName } from "./display-name.js";
import type { FunctionSpec } from "./function-spec.js";
import { readInstance } from "./read-instance.js";
import { isGlobal } from "./resolve-global.js";

export const PICKLED_DO_FN_INFO = "beam:dofn:pickled_python_info:v1";
const KEY_WITH_NONE = "beam:dofn:python_key_with_none:v1";

/** What to call a DoFn in plans and comments; one line, for people. */
export interface RecognisedDoFn {
  readonly displayName: string;
}

/**
 * Names the DoFn of a ParDoPayload: its class, or the function inside of Beam's wrapper for `Map`, `FlatMap` and their
 * like, with its file's last name and line where the pickle carries its code. `DoFn` where there is no name to be
 * found. Never throws.
 */
export function describeDoFn(spec: FunctionSpec): RecognisedDoFn {
  if (spec.urn === KEY_WITH_NONE) return { displayName: "key with None" };
  if (spec.urn !== PICKLED_DO_FN_INFO) return { displayName: makeDisplayName(spec.urn) };
  const document = readPythonPayload(spec.payload);
  const name = document.readable ? nameDoFn(document) : null;
  return { displayName: makeDisplayName(name ?? "DoFn") };
}

/** The payload is a tuple whose first item is the DoFn. */
function nameDoFn(document: ReadablePickle): string | null {
  const fn = document.value.kind === "tuple" ? document.value.items[0] : undefined;
  if (fn?.kind !== "object") return null;
  const wrapped = findWrapped(fn);
  return wrapped === undefined
    ? (describeClass(fn.callable)?.name ?? null)
    : describeFunction(wrapped, document);
}

function findWrapped(fn: PickleValue): PickleValue | undefined {
  const instance = readInstance(fn);
  if (instance === null) return undefined;
  const isWrapper = isGlobal(instance.type, "apache_beam.transforms.core", "CallableWrapperDoFn");
  return isWrapper ? instance.attributes.get("_fn") : undefined;
}
