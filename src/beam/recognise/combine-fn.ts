import { readPythonPayload } from "../pickle/decode-python-payload.js";
import type { PickleObject, ReadablePickle } from "../pickle/pickle-value.js";
import { describeClass } from "./describe-class.js";
import { describeFunction } from "./describe-function.js";
import { makeDisplayName } from "./display-name.js";
import { findUnexpectedCall } from "./expected-calls.js";
import type { FunctionSpec } from "./function-spec.js";
import { describeGoCombineFn } from "./go-combine-fn.js";
import { describeJavaCombineFn } from "./java-combine-fn.js";
import {
  type CombinerName,
  callableWrappers,
  DEFAULT_BUFFER_SIZE,
  knownCallables,
  knownClasses,
} from "./known-combine-fns.js";
import { type PickledInstance, readInstance } from "./read-instance.js";
import { resolveGlobal } from "./resolve-global.js";
import { readTopCombineFn, topClasses } from "./top-combine-fn.js";
import { collectTypeHintCalls } from "./type-hints.js";
import type { TypedCombiner, TypedNumbers } from "./typed-combiner.js";

const PICKLED_COMBINE_FN = "beam:combinefn:pickled_python:v1";
/** What describes a CombineFn of a language whose numbers have sizes, by the URN of its function. */
const typedCombiners: ReadonlyMap<string, (payload: Uint8Array) => TypedCombiner> = new Map([
  ["beam:go:transform:dofn:v1", describeGoCombineFn],
  ["beam:combinefn:javasdk:v1", describeJavaCombineFn],
]);
const CURRIED = "apache_beam.transforms.combiners._CurriedFn";

/** Which combiner a CombineFn is. `displayName` is for people and may stand in one line of a plan. */
export type RecognisedCombineFn =
  | {
      readonly known: CombinerName;
      /** What it takes, where a language's numbers have sizes; Python's function takes any. */
      readonly numbers?: TypedNumbers;
      /** How many values it keeps, where it keeps some of them. */
      readonly limit?: bigint;
      readonly displayName: string;
    }
  | { readonly known: null; readonly reason: string; readonly displayName: string };

/**
 * Tells which combiner the `combine_fn` of a CombinePayload is. Of Python's, known is only Beam's own class with exactly
 * the attributes that it has by default: a subclass, further arguments, another buffer size, or anything else that the
 * pickle does make it unknown, with the reason. Never throws.
 */
export function describeCombineFn(spec: FunctionSpec): RecognisedCombineFn {
  const typed = typedCombiners.get(spec.urn);
  if (typed !== undefined) {
    const { name, ...described } = typed(spec.payload);
    return { ...described, displayName: makeDisplayName(name) };
  }
  if (spec.urn !== PICKLED_COMBINE_FN) {
    const displayName = makeDisplayName(spec.urn);
    return {
      known: null,
      reason: `${displayName} is a function of another SDK, which is not looked into`,
      displayName,
    };
  }
  const document = readPythonPayload(spec.payload);
  if (!document.readable) {
    return { known: null, reason: `its pickle can't be read: ${document.reason}`, displayName: "CombineFn" };
  }
  const displayName = makeDisplayName(nameCombineFn(document));
  const answer = identify(document);
  return "known" in answer
    ? { ...answer, displayName }
    : { known: null, reason: makeDisplayName(answer.reason), displayName };
}

type Answer = { readonly known: CombinerName; readonly limit?: bigint } | { readonly reason: string };

function identify(document: ReadablePickle): Answer {
  const instance = readInstance(document.value);
  if (instance === null) return { reason: "it is not an ordinary instance of a class" };
  const type = resolveGlobal(instance.type);
  if (type === null || !type.module.startsWith("apache_beam.")) {
    const name = describeClass(instance.type)?.name;
    return {
      reason: name === undefined ? "its class has no name" : `${name} is a class of the pipeline's author`,
    };
  }
  const className = `${type.module}.${type.name}`;
  const expected = new Set<PickleObject>([instance.object]);
  const answer = identifyInstance(className, instance, expected);
  if ("reason" in answer) return answer;
  return checkCalls(document, instance, expected) ?? answer;
}

function identifyInstance(className: string, instance: PickledInstance, expected: Set<PickleObject>): Answer {
  const known = knownClasses.get(className);
  if (known !== undefined) return checkBare(instance, known);
  if (callableWrappers.includes(className)) return identifyCallable(instance, expected);
  if (topClasses.includes(className)) return readTopCombineFn(instance, expected);
  return { reason: `${className} is not a combiner that is known without running it` };
}

/** Adds the calls that it accounts for to `expected`. */
function identifyCallable(instance: PickledInstance, expected: Set<PickleObject>): Answer {
  for (const name of instance.attributes.keys()) {
    if (!["_type_hints", "_fn", "_buffer_size"].includes(name))
      return { reason: `it has an attribute ${name}` };
  }
  const buffer = instance.attributes.get("_buffer_size");
  if (buffer?.kind !== "int" || buffer.value !== DEFAULT_BUFFER_SIZE) {
    return { reason: "it gathers another number of values than Beam does by default" };
  }
  const callable = instance.attributes.get("_fn");
  const name = callable === undefined ? null : resolveGlobal(callable);
  if (callable === undefined || name === null)
    return { reason: "it wraps a function of the pipeline's author" };
  const known = knownCallables.get(`${name.module}.${name.name}`);
  if (known === undefined)
    return { reason: `${name.module}.${name.name} is not a combiner that is known without running it` };
  if (callable.kind === "object") expected.add(callable);
  return { known };
}

function checkBare(instance: PickledInstance, known: CombinerName): Answer {
  for (const name of instance.attributes.keys()) {
    if (name !== "_type_hints") return { reason: `it has an attribute ${name}` };
  }
  return { known };
}

/** Null where loading the pickle makes the instance, its type hints, and nothing else. */
function checkCalls(
  document: ReadablePickle,
  instance: PickledInstance,
  expected: ReadonlySet<PickleObject>,
): { readonly reason: string } | null {
  const hints = collectTypeHintCalls(instance.attributes.get("_type_hints"));
  if (hints === null) return { reason: "its type hints hold more than types" };
  const surplus = findUnexpectedCall(document, new Set([...expected, ...hints]));
  return surplus === null ? null : { reason: "loading it does more than to make it" };
}

function nameCombineFn(document: ReadablePickle): string {
  let value = document.value;
  let suffix = "";
  const outer = readInstance(value);
  if (outer !== null && nameClass(outer) === CURRIED) {
    value = outer.attributes.get("fn") ?? value;
    suffix = " with arguments";
  }
  const instance = readInstance(value);
  if (instance === null) return "CombineFn";
  const callable = instance.attributes.get("_fn");
  const wrapped = callableWrappers.includes(nameClass(instance)) && callable !== undefined;
  const name = wrapped ? describeFunction(callable, document) : describeClass(instance.type)?.name;
  return `${name ?? "CombineFn"}${suffix}`;
}

function nameClass(instance: PickledInstance): string {
  const type = resolveGlobal(instance.type);
  return type === null ? "" : `${type.module}.${type.name}`;
}
