import { describe, expect, test } from "vitest";
import { decodePythonPayload } from "../../src/beam/pickle/decode-python-payload.js";
import { describeCombineFn } from "../../src/beam/recognise/combine-fn.js";
import { listCaptured, type PicklerName, picklers, readCaptured } from "./captured.js";

const urn = "beam:combinefn:pickled_python:v1";
const unlisted = (name: string) => `${name} is not a combiner that is known without running it`;
const authorsFunction = "it wraps a function of the pipeline's author";

/** Payload, then the known name and what it is called. */
const known: readonly (readonly [string, string, string])[] = [
  ["combine-sum", "sum", "sum"],
  ["combine-grouped-sum", "sum", "sum"],
  ["combine-sum-wrapper-with-arguments", "sum", "sum"],
  ["combine-min", "min", "min"],
  ["combine-max", "max", "max"],
  ["combine-max-globally", "max", "max"],
  ["combine-any", "any", "any"],
  ["combine-all", "all", "all"],
  ["combine-count", "count", "CountCombineFn"],
  ["combine-count-globally", "count", "CountCombineFn"],
  ["combine-count-per-key", "count", "CountCombineFn"],
  ["combine-count-per-element", "count", "CountCombineFn"],
  ["combine-mean", "mean", "MeanCombineFn"],
  ["combine-mean-globally", "mean", "MeanCombineFn"],
  ["combine-mean-per-key", "mean", "MeanCombineFn"],
  ["combine-mean-with-types", "mean", "MeanCombineFn"],
  ["combine-latest", "latest", "LatestCombineFn"],
  ["combine-to-list", "to-list", "ToListCombineFn"],
  ["combine-to-list-globally", "to-list", "ToListCombineFn"],
  ["combine-to-set", "to-set", "ToSetCombineFn"],
  ["combine-to-dict", "to-dict", "ToDictCombineFn"],
];

/** Payload, then what it is called, and why it is not known. */
const unknown: readonly (readonly [string, string, string])[] = [
  ["combine-len", "len", unlisted("builtins.len")],
  ["combine-mean-with-attribute", "MeanCombineFn", "it has an attribute note"],
  ["combine-sum-with-attribute", "sum", "it has an attribute note"],
  ["combine-sum-buffer", "sum", "it gathers another number of values than Beam does by default"],
  ["combine-min-by-key", "min with arguments", authorsFunction],
  [
    "combine-sum-curried",
    "total_modulo (words.py:30) with arguments",
    unlisted("apache_beam.transforms.combiners._CurriedFn"),
  ],
  ["combine-sum-start", "sum with arguments", unlisted("apache_beam.transforms.combiners._CurriedFn")],
  ["combine-sum-int64", "SumInt64Fn", unlisted("apache_beam.transforms.cy_combiners.SumInt64Fn")],
  ["combine-tuple", "TupleCombineFn", unlisted("apache_beam.transforms.combiners.TupleCombineFn")],
  ["combine-sample", "SampleCombineFn", unlisted("apache_beam.transforms.combiners.SampleCombineFn")],
  ["combine-user-function", "total (words.py:33)", authorsFunction],
  ["combine-user-lambda", "lambda (words.py:39)", authorsFunction],
  ["combine-user-in-main", "Total", "Total is a class of the pipeline's author"],
  ["combine-user-subclass", "Doubled", "Doubled is a class of the pipeline's author"],
  ["combine-user-in-module", "Longest", "Longest is a class of the pipeline's author"],
];

describe.each(picklers)("CombineFns pickled by %s", (pickler) => {
  test.each(known)("%s is %s", (name, combiner, displayName) => {
    expect(describeCaptured(pickler, name)).toEqual({ known: combiner, displayName });
  });

  test.each(unknown)("%s, called %s, is not known", (name, displayName, reason) => {
    expect(describeCaptured(pickler, name)).toEqual({ known: null, reason, displayName });
  });

  test.each(["combine-top", "combine-top-per-key"])(
    "%s keeps the two greatest values, where it can be read",
    (name) => {
      // dill writes the comparison as calls of its own; what it makes runs in workers.
      const top =
        pickler === "dill"
          ? { known: null, reason: "its number or its comparison can't be read" }
          : { known: "largest", limit: 2n };
      expect(describeCaptured(pickler, name)).toEqual({ ...top, displayName: "TopCombineFn" });
    },
  );

  test("no payload is left out", () => {
    const tops = [["combine-top"], ["combine-top-per-key"]] as const;
    expect([...known, ...unknown, ...tops].map(([name]) => name).sort()).toEqual(
      listCaptured(pickler, "combine-"),
    );
  });
});

describe("a CombineFn is not known where loading it does more", () => {
  const sum = pickleOf("combine-sum");
  const beforeStop = (more: string) =>
    Buffer.concat([sum.subarray(0, -1), Buffer.from(`${more}.`, "latin1")]);

  test("the pickle as it is", () => {
    expect(describeCombineFn({ urn, payload: sum })).toEqual({ known: "sum", displayName: "sum" });
  });

  test("a call whose result is thrown away", () => {
    const payload = beforeStop("cbuiltins\nexec\nX\x04\x00\x00\x00pass\x85R0");
    expect(describeCombineFn({ urn, payload })).toMatchObject({
      known: null,
      reason: "loading it does more than to make it",
    });
  });

  test("a second state", () => {
    const payload = beforeStop("}X\x03\x00\x00\x00_fncbuiltins\nmax\nsb");
    expect(describeCombineFn({ urn, payload })).toMatchObject({ known: null });
  });

  test("an attribute that is set twice", () => {
    const payload = Buffer.from(
      "\x80\x05capache_beam.transforms.combiners\nMeanCombineFn\n)\x81}(V_type_hints\nNV_type_hints\nNub.",
      "latin1",
    );
    expect(describeCombineFn({ urn, payload })).toMatchObject({ known: null });
  });

  test("type hints that call something", () => {
    const mean = (hints: string) => ({
      urn,
      payload: Buffer.from(
        `\x80\x05capache_beam.transforms.combiners\nMeanCombineFn\n)\x81}(V_type_hints\n${hints}ub.`,
        "latin1",
      ),
    });
    expect(describeCombineFn(mean("N"))).toEqual({ known: "mean", displayName: "MeanCombineFn" });
    expect(describeCombineFn(mean("cbuiltins\neval\n(Vpass\ntR"))).toMatchObject({
      known: null,
      reason: "its type hints hold more than types",
    });
  });

  test("constructor arguments", () => {
    const payload = Buffer.from(
      "\x80\x05capache_beam.transforms.combiners\nMeanCombineFn\nK\x01\x85\x81.",
      "latin1",
    );
    expect(describeCombineFn({ urn, payload })).toMatchObject({
      known: null,
      reason: "it is not an ordinary instance of a class",
    });
  });
});

describe("a CombineFn of Top is known where it compares the values themselves", () => {
  const top = (attributes: string) => {
    const pickle = `\x80\x05capache_beam.transforms.combiners\nSmallest\n)\x81}(${attributes}ub.`;
    return describeCombineFn({ urn, payload: Buffer.from(pickle, "latin1") });
  };
  const compare = "V_compare\nc_operator\ngt\n";

  test("by Beam's own comparison", () => {
    expect(top(`V_n\nK\x07${compare}V_key\nN`)).toEqual({
      known: "smallest",
      limit: 7n,
      displayName: "Smallest",
    });
  });

  test.each([
    [
      "a key",
      `V_n\nK\x07${compare}V_key\ncbuiltins\nlen\n`,
      "it compares keys that a function of its own makes",
    ],
    ["no word of a key", `V_n\nK\x07${compare}`, "it compares keys that a function of its own makes"],
    [
      "another comparison",
      "V_n\nK\x07V_compare\nc_operator\nge\nV_key\nN",
      "its number or its comparison can't be read",
    ],
    ["a number that is none", `V_n\nV7\n${compare}V_key\nN`, "its number or its comparison can't be read"],
    ["more attributes", `V_n\nK\x07${compare}V_key\nNV_more\nN`, "it has an attribute _more"],
  ])("not with %s", (_title, attributes, reason) => {
    expect(top(attributes)).toEqual({ known: null, reason, displayName: "Smallest" });
  });
});

test("a CombineFn that Python didn't pickle is named by its URN", () => {
  const spec = { urn: "beam:combinefn:other:v1", payload: new Uint8Array() };
  expect(describeCombineFn(spec)).toEqual({
    known: null,
    reason: "beam:combinefn:other:v1 is a function of another SDK, which is not looked into",
    displayName: "beam:combinefn:other:v1",
  });
});

test("an unreadable pickle says why", () => {
  expect(describeCombineFn({ urn, payload: Buffer.from("\x80\x05(") })).toMatchObject({ known: null });
  expect(describeCombineFn({ urn, payload: Buffer.from("\x80\x05\x82\x01.", "latin1") })).toEqual({
    known: null,
    reason: "its pickle can't be read: it uses a code of Python's extension registry",
    displayName: "CombineFn",
  });
});

test("a hostile class name stays in one line", () => {
  const name = `x\\u000aimport os\\u202e${"y".repeat(300)}`;
  const payload = Buffer.from(`\x80\x05Vmine\nV${name}\n\x93)\x81.`, "latin1");
  const { displayName } = describeCombineFn({ urn, payload });
  expect(displayName).toMatch(/^x\ufffdimport os\ufffdy+…$/);
  expect(displayName.length).toBe(120);
});

function describeCaptured(pickler: PicklerName, name: string) {
  return describeCombineFn({ urn, payload: readCaptured(pickler, name) });
}

function pickleOf(name: string): Buffer {
  const decoded = decodePythonPayload(readCaptured("cloudpickle", name));
  if (!decoded.readable) throw new Error(decoded.reason);
  return Buffer.from(decoded.pickle);
}
