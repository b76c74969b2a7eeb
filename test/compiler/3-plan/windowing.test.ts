import { expect, test } from "vitest";
import type { WindowingStrategy } from "../../../src/beam/payloads/windowing-strategy.js";
import { URN } from "../../../src/beam/urns.js";
import type { CoderNode } from "../../../src/compiler/2-graph/graph.js";
import { haveSameWindows } from "../../../src/compiler/3-plan/support/windowing.js";

const coder = (
  id: string,
  urn: string,
  components: readonly string[] = [],
  payload: string = "",
): CoderNode => ({
  id,
  urn,
  components,
  payload: Buffer.from(payload),
});

const coders: ReadonlyMap<string, CoderNode> = new Map(
  [
    coder("interval", URN.coderIntervalWindow),
    coder("another interval", URN.coderIntervalWindow),
    coder("global", URN.coderGlobalWindow),
    coder("text", URN.coderStringUtf8),
    coder("another text", URN.coderStringUtf8),
    coder("number", URN.coderVarint),
    coder("pickled", "beam:coder:pickled_python:v1", [], "a"),
    coder("pickled otherwise", "beam:coder:pickled_python:v1", [], "b"),
    coder("with text", URN.coderKv, ["interval", "text"]),
    coder("with text again", URN.coderKv, ["another interval", "another text"]),
    coder("with number", URN.coderKv, ["interval", "number"]),
  ].map((node) => [node.id, node]),
);

const inWindows = (windowCoderId: string) => ({ windowCoderId }) as WindowingStrategy;

test.each([
  ["interval", "another interval", true],
  ["interval", "global", false],
  ["pickled", "pickled", true],
  ["pickled", "pickled otherwise", false],
  ["with text", "with text again", true],
  ["with text", "with number", false],
  ["with text", "interval", false],
])("windows of the coders %s and %s are the same: %s", (one, other, same) => {
  expect(haveSameWindows(inWindows(one), inWindows(other), coders)).toBe(same);
});
