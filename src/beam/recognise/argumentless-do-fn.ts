import { readPythonPayload } from "../pickle/decode-python-payload.js";
import type { PickleValue } from "../pickle/pickle-value.js";
import { describeClass } from "./describe-class.js";
import { PICKLED_DO_FN_INFO } from "./do-fn.js";
import type { FunctionSpec } from "./function-spec.js";
import { readInstance } from "./read-instance.js";

/** What Beam leaves on a DoFn that has no state of its own: the hints of its types, and how it takes batches. */
const harmless: readonly string[] = ["_type_hints", "input_batch_converter", "output_batch_converter"];

/**
 * The imported class of a DoFn that was made without arguments, has no state and is called with nothing but its
 * element, such as `apache_beam.io.parquetio._ArrowTableToRowDictionaries`; null for any other. Never throws.
 */
export function nameArgumentlessDoFn(spec: FunctionSpec): string | null {
  if (spec.urn !== PICKLED_DO_FN_INFO) return null;
  const document = readPythonPayload(spec.payload);
  if (!document.readable || document.value.kind !== "tuple") return null;
  const [fn, positional, named] = document.value.items;
  const instance = fn === undefined ? null : readInstance(fn);
  if (instance === null || !isEmpty(positional) || !isEmpty(named)) return null;
  if (![...instance.attributes.keys()].every((name) => harmless.includes(name))) return null;
  const type = describeClass(instance.type);
  return type?.imported === true ? `${type.module}.${type.name}` : null;
}

function isEmpty(value: PickleValue | undefined): boolean {
  if (value?.kind === "dict") return value.entries.length === 0;
  return (value?.kind === "list" || value?.kind === "tuple") && value.items.length === 0;
}
