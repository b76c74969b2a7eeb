import { expect, it } from "vitest";
import { nameOptions } from "../../src/workers/name-options.js";

it("names options by their URNs, as Go's workers look for them", () => {
  expect(
    nameOptions('{"go_options": {"options": {"hooks": "{}"}}, "beam:option:parallelism:v1": -1}'),
  ).toEqual({
    "beam:option:go_options:v1": { options: { hooks: "{}" } },
    "beam:option:parallelism:v1": -1,
  });
  expect(nameOptions("")).toEqual({});
});
