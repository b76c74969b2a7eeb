import { expect, test } from "vitest";
import { isPaneBlind } from "../../src/beam/recognise/pane-blind.js";
import { listCaptured, readCaptured } from "./captured.js";

const urn = "beam:dofn:pickled_python_info:v1";

test.each([
  ["panes-write", true],
  ["panes-read", false],
  ["panes-read-in-flat-map", false],
  ["panes-imitated", false],
  ["pairing-per-element", true],
  ["pairing-lambda", true],
  ["pairing-flat", true],
  ["pairing-generator", false],
  ["pairing-default", false],
  ["pairing-attribute", true],
  ["do-fn-class", false],
  ["do-fn-map-builtin", false],
])("%s looks at no panes: %s", (name, blind) => {
  expect(isPaneBlind({ urn, payload: readCaptured("cloudpickle", name) })).toBe(blind);
});

test("no payload is left out, and of what can't be read nothing is known", () => {
  expect(listCaptured("cloudpickle", "panes-")).toHaveLength(4);
  expect(isPaneBlind({ urn, payload: Buffer.from("nothing") })).toBe(false);
  expect(isPaneBlind({ urn: "beam:dofn:javasdk:0.1", payload: Buffer.alloc(0) })).toBe(false);
});
