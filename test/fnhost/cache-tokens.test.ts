import { expect, test } from "vitest";
import { URN } from "../../src/beam/urns.js";
import type { OpenedStage } from "../../src/fnhost/open-stages.js";
import { createCacheTokens } from "../../src/fnhost/state/cache-tokens.js";

/** A stage, as far as tokens depend on it: two of its functions read the first of its side inputs. */
function stage(isKeyed: boolean, capabilities: readonly string[] = [URN.protocolStateCaching]): OpenedStage {
  const readers = [
    [
      { transform: "a", input: "x" },
      { transform: "b", input: "y" },
    ],
    [{ transform: "a", input: "z" }],
  ];
  return {
    capabilities: new Set(capabilities),
    isKeyed,
    sideInputs: readers.map((some) => ({ readers: some })),
  } as unknown as OpenedStage;
}

const first = Buffer.from("first");
const second = Buffer.from("second");
const ofSideInputs = [
  { sideInput: { transformId: "a", sideInputId: "x" }, token: first },
  { sideInput: { transformId: "b", sideInputId: "y" }, token: first },
  { sideInput: { transformId: "a", sideInputId: "z" }, token: second },
];

test("each side input has the token of its rows, whoever reads it", () => {
  expect(createCacheTokens(stage(false), [first, second])).toEqual(ofSideInputs);
});

test("user state has a token that no other task has", () => {
  const [one, other] = [1, 2].map(() => createCacheTokens(stage(true), [first, second]));
  expect(one!.slice(1)).toEqual(ofSideInputs);
  expect(one![0]).toMatchObject({ userState: {} });
  expect(one![0]).not.toEqual(other![0]);
});

test("workers that don't say that they keep state are told nothing", () => {
  expect(createCacheTokens(stage(true, ["beam:protocol:worker_status:v1"]), [first, second])).toEqual([]);
  expect(createCacheTokens(stage(true, []), [first, second])).toEqual([]);
});
