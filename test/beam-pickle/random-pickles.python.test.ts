import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readPythonPayload } from "../../src/beam/pickle/decode-python-payload.js";
import type { PickleObject, PickleValue } from "../../src/beam/pickle/pickle-value.js";
import { projectPython } from "../protos/project-python.js";

/** What `random_pickles.py` says of a value; numbers and bytes are text, in Python's own notation. */
type Described = readonly [kind: string, ...content: unknown[]];

interface RandomPickle {
  readonly payload: string;
  readonly value: Described;
}

test.each([1, 2, 3])("random values are read as Python wrote them, seed %i", (seed) => {
  const pickles = makeRandomPickles(seed, 1500);
  expect(pickles.length).toBe(1500);
  for (const { payload, value } of pickles) {
    const document = readPythonPayload(Buffer.from(payload, "hex"));
    if (!document.readable) throw new Error(`${document.reason}: ${payload}`);
    expect(describeValue(document.value)).toEqual(normalise(value));
  }
});

function makeRandomPickles(seed: number, count: number): RandomPickle[] {
  const program = fileURLToPath(new URL("random_pickles.py", import.meta.url));
  const output = execFileSync(projectPython(), [program, String(seed), String(count)], {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as RandomPickle);
}

function describeValue(value: PickleValue): Described {
  switch (value.kind) {
    case "none":
      return ["none", null];
    case "bool":
    case "str":
      return [value.kind, value.value];
    case "int":
      return ["int", String(value.value)];
    case "float":
      return ["float", value.value];
    case "bytes":
    case "bytearray":
      return [value.kind, Buffer.from(value.value).toString("hex")];
    case "tuple":
    case "list":
      return [value.kind, value.items.map(describeValue)];
    case "set":
    case "frozenset":
      return [value.kind, sortDescribed(value.items.map(describeValue))];
    case "dict":
      return ["dict", value.entries.map(([key, item]) => [describeValue(key), describeValue(item)])];
    case "global":
      return ["global", `${value.module}.${value.name}`];
    case "object":
      return describeCall(value);
  }
}

function describeCall(call: PickleObject): Described {
  if (call.callable.kind !== "global" || call.args.kind !== "tuple")
    throw new Error("a call of a global is expected");
  const name = `${call.callable.module}.${call.callable.name}`;
  const [first] = call.args.items;
  // Protocol 4 has no opcode for a bytearray.
  if (name === "builtins.bytearray" && first !== undefined) return ["bytearray", describeValue(first)[1]];
  const entries = call.entries.map(([key, item]) => [describeValue(key), describeValue(item)]);
  return ["object", name, call.args.items.map(describeValue), entries];
}

/** The same in the notation of `describeValue`: floats as numbers, sets in JavaScript's order. */
function normalise(value: Described): Described {
  const [kind, ...content] = value;
  if (kind === "float") return ["float", parseHexFloat(String(content[0]))];
  if (kind === "set" || kind === "frozenset") {
    return [kind, sortDescribed((content[0] as Described[]).map(normalise))];
  }
  return [kind, ...content.map(normaliseContent)];
}

function normaliseContent(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return typeof content[0] === "string"
    ? normalise(content as unknown as Described)
    : content.map(normaliseContent);
}

function sortDescribed(values: readonly Described[]): Described[] {
  const order = (value: Described) => JSON.stringify(value, (_, item) => (Object.is(item, -0) ? "-0" : item));
  return [...values].sort((left, right) => (order(left) < order(right) ? -1 : 1));
}

/** The number that Python's `float.hex` wrote. */
function parseHexFloat(text: string): number {
  if (text.endsWith("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  const match = /^(-?)0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(text);
  if (match === null) throw new Error(`${text} is no hexadecimal float`);
  const [, sign, whole, fraction, exponent] = match;
  const digits = Number.parseInt(`${whole}${fraction}`, 16);
  // In two steps, as the power alone may be below the smallest number.
  const scaled = digits * 2 ** -(4 * (fraction ?? "").length) * 2 ** Math.max(Number(exponent), -1022);
  const value = scaled * 2 ** Math.min(0, Number(exponent) + 1022);
  return sign === "-" ? -value : value;
}
