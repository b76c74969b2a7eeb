import { describe, expect, test } from "vitest";
import { describeDoFn } from "../../src/beam/recognise/do-fn.js";
import { listCaptured, picklers, readCaptured } from "./captured.js";

const urn = "beam:dofn:pickled_python_info:v1";

const expected: Readonly<Record<string, string>> = {
  "do-fn-class": "Upper",
  "do-fn-class-in-module": "Clean",
  "do-fn-function": "split (words.py:36)",
  "do-fn-map-function-in-module": "word_tools.shorten",
  "do-fn-map-builtin": "len",
  "do-fn-map-method": "str.upper",
  "do-fn-map-lambda": "lambda (words.py:41)",
  "do-fn-filter": "lambda (words.py:40)",
  "do-fn-map-tuple": "lambda (words.py:42)",
};

describe.each(picklers)("DoFns pickled by %s", (pickler) => {
  test.each(Object.entries(expected))("%s is called %s", (name, displayName) => {
    expect(describeDoFn({ urn, payload: readCaptured(pickler, name) })).toEqual({ displayName });
  });

  test("no payload is left out", () => {
    expect(Object.keys(expected).sort()).toEqual(listCaptured(pickler, "do-fn-"));
  });
});

test("a DoFn without a readable name is called DoFn, one of another kind by its URN", () => {
  expect(describeDoFn({ urn, payload: Buffer.from("nothing") })).toEqual({ displayName: "DoFn" });
  const other = { urn: "beam:dofn:javasdk:0.1", payload: new Uint8Array() };
  expect(describeDoFn(other)).toEqual({ displayName: "beam:dofn:javasdk:0.1" });
  const keyed = { urn: "beam:dofn:python_key_with_none:v1", payload: new Uint8Array() };
  expect(describeDoFn(keyed)).toEqual({ displayName: "key with None" });
});
