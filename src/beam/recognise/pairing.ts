import { readGoFunction } from "../go/read-go-function.js";
import { readPythonPayload } from "../pickle/decode-python-payload.js";
import type { PickleObject, PickleValue } from "../pickle/pickle-value.js";
import { readCloudpickledFunction } from "./cloudpickled-function.js";
import { PICKLED_DO_FN_INFO } from "./do-fn.js";
import { findUnexpectedCall } from "./expected-calls.js";
import type { FunctionSpec } from "./function-spec.js";
import { type Bytecode, bytecodes } from "./python-bytecode.js";
import { readInstance } from "./read-instance.js";
import { isGlobal } from "./resolve-global.js";
import { collectTypeHintCalls } from "./type-hints.js";

/** What a function pairs each element with: nothing, as `Count.PerElement` does, or the integer one. */
export type Pairing = "nothing" | "one";

const GO_DO_FN = "beam:go:transform:dofn:v1";
const GO_PAIRING = "github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/stats.keyedCountFn";

/** What Beam leaves on a DoFn beside its function, and what it is there. */
const attributeChecks: ReadonlyMap<string, (value: PickleValue) => boolean> = new Map([
  ["_type_hints", () => true],
  ["_fullargspec", isNone],
  ["input_batch_converter", isNone],
  ["output_batch_converter", isNone],
]);

/**
 * Tells whether the DoFn of a ParDoPayload makes of each element one pair, of the element and a constant, and does
 * nothing else. A function of Python's is known by its bytecode, whoever wrote it, one of Go's by its symbol in the SDK.
 * Null for any other. Never throws.
 *
 * @param pythonVersion the Python that wrote the function and will run it, such as `3.11`
 */
export function describePairing(spec: FunctionSpec, pythonVersion: string | null): Pairing | null {
  if (spec.urn === GO_DO_FN) {
    const fn = readGoFunction(spec.payload);
    return fn?.kind === "function" && fn.name === GO_PAIRING ? "one" : null;
  }
  const bytecode = bytecodes.get(pythonVersion ?? "");
  return spec.urn === PICKLED_DO_FN_INFO && bytecode !== undefined
    ? describePythonPairing(spec.payload, bytecode)
    : null;
}

/** The payload is a tuple: the DoFn, its further arguments and their names, side inputs, and a windowing. */
function describePythonPairing(payload: Uint8Array, bytecode: Bytecode): Pairing | null {
  const document = readPythonPayload(payload);
  if (!document.readable || document.value.kind !== "tuple") return null;
  const [doFn, ...surroundings] = document.value.items;
  const instance = doFn === undefined ? null : readInstance(doFn);
  if (instance === null || !surroundings.every(isNothing)) return null;
  if (!isGlobal(instance.type, "apache_beam.transforms.core", "CallableWrapperDoFn")) return null;
  const { _fn: wrapper, process, ...others } = Object.fromEntries(instance.attributes);
  if (wrapper === undefined || wrapper !== process) return null;
  if (!Object.entries(others).every(([name, value]) => attributeChecks.get(name)?.(value))) return null;
  const outer = readCloudpickledFunction(wrapper, document);
  const captured = outer?.captured[0];
  if (outer === null || captured === undefined || !bytecode.callsInList.test(outer.bytecode)) return null;
  const inner = readCloudpickledFunction(captured, document);
  const hints = collectTypeHintCalls(others._type_hints);
  if (inner === null || hints === null || inner.attributes.size > 0) return null;
  if (outer.attributes.size !== 1 || outer.attributes.get("_argspec_fn") !== captured) return null;
  const expected = new Set<PickleObject>([instance.object, ...outer.calls, ...inner.calls, ...hints]);
  if (findUnexpectedCall(document, expected) !== null) return null;
  const place = bytecode.pairs.exec(inner.bytecode)?.[1];
  return place === undefined ? null : nameConstant(inner.constants[Number.parseInt(place, 16)]);
}

function nameConstant(constant: PickleValue | undefined): Pairing | null {
  if (constant?.kind === "none") return "nothing";
  return constant?.kind === "int" && constant.value === 1n ? "one" : null;
}

function isNone(value: PickleValue): boolean {
  return value.kind === "none";
}

function isNothing(value: PickleValue): boolean {
  if (value.kind === "dict") return value.entries.length === 0;
  return isNone(value) || ((value.kind === "list" || value.kind === "tuple") && value.items.length === 0);
}
