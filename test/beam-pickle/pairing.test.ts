import { describe, expect, test } from "vitest";
import { describePairing } from "../../src/beam/recognise/pairing.js";
import { listCaptured, readCaptured } from "./captured.js";

const urn = "beam:dofn:pickled_python_info:v1";
const expected: Readonly<Record<string, string | null>> = {
  "pairing-per-element": "nothing",
  "pairing-lambda": "one",
  "pairing-function": "one",
  "pairing-argument": null,
  "pairing-attribute": null,
  "pairing-captured": null,
  "pairing-default": null,
  "pairing-do-fn": null,
  "pairing-flat": null,
  "pairing-generator": null,
  "pairing-global": null,
  "pairing-imitated": null,
  "pairing-side-input": null,
  "pairing-swapped": null,
  "pairing-true": null,
  "pairing-two": null,
  "pairing-varargs": null,
};

describe("functions that pair each element with a constant, by what they are", () => {
  test.each(Object.entries(expected))("%s", (name, pairing) => {
    expect(describePairing({ urn, payload: readCaptured("cloudpickle", name) }, "3.11")).toBe(pairing);
  });

  test("no payload is left out", () => {
    expect(Object.keys(expected).sort()).toEqual(listCaptured("cloudpickle", "pairing-"));
  });

  test.each([null, "3.10", "3.12", "3.13", "3.15"])("bytecode of 3.11 is none of %s", (version) => {
    const payload = readCaptured("cloudpickle", "pairing-lambda");
    expect(describePairing({ urn, payload }, version)).toBe(null);
  });

  test("what can't be read is none", () => {
    expect(describePairing({ urn, payload: Buffer.from("nothing") }, "3.11")).toBe(null);
    expect(describePairing({ urn: "beam:dofn:javasdk:0.1", payload: Buffer.alloc(0) }, "3.11")).toBe(null);
  });
});
