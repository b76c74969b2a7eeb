import { readPythonPayload } from "../pickle/decode-python-payload.js";
import { readCloudpickledFunction } from "./cloudpickled-function.js";
import { PICKLED_DO_FN_INFO } from "./do-fn.js";
import type { FunctionSpec } from "./function-spec.js";
import { readInstance } from "./read-instance.js";
import { isGlobal } from "./resolve-global.js";

/** What Beam leaves on a DoFn of any class. */
const harmless: readonly string[] = ["_type_hints", "input_batch_converter", "output_batch_converter"];
const wrapperAttributes: readonly string[] = [...harmless, "_fn", "_fullargspec", "process"];

/**
 * Whether the DoFn of a ParDoPayload is known not to look at panes: Beam's own that writes a bundle to a sink, or a
 * Python function of one argument. What it returns is in the pane of its element. False where that can't be told. Never
 * throws.
 */
export function isPaneBlind(spec: FunctionSpec): boolean {
  if (spec.urn !== PICKLED_DO_FN_INFO) return false;
  const document = readPythonPayload(spec.payload);
  if (!document.readable || document.value.kind !== "tuple") return false;
  const [doFn] = document.value.items;
  const instance = doFn === undefined ? null : readInstance(doFn);
  if (instance === null) return false;
  const names = [...instance.attributes.keys()];
  if (isGlobal(instance.type, "apache_beam.io.iobase", "_WriteBundleDoFn")) {
    return names.every((name) => name === "sink" || harmless.includes(name));
  }
  if (!isGlobal(instance.type, "apache_beam.transforms.core", "CallableWrapperDoFn")) return false;
  if (!names.every((name) => wrapperAttributes.includes(name))) return false;
  const [process, fn] = [instance.attributes.get("process"), instance.attributes.get("_fn")];
  if (process === undefined || process !== fn) return false;
  const attributes = readCloudpickledFunction(process, document)?.attributes;
  if (attributes === undefined) return false;
  const described = attributes.get("_argspec_fn");
  const isDescribed = described !== undefined && readCloudpickledFunction(described, document) !== null;
  return attributes.size === 0 || (attributes.size === 1 && isDescribed);
}
