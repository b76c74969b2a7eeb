import { availableParallelism } from "node:os";
import { expect, it } from "vitest";
import { planHosts, warnOfOthers } from "../../src/launcher/plan-hosts.js";

it.each([
  ["local", 1],
  ["local[4]", 1],
  ["local[5,4]", 2],
  ["local[32]", 8],
  ["local[*]", Math.ceil(availableParallelism() / 4)],
])("plans a host for every four slots of %s", (master, count) => {
  expect(planHosts(new Map(), [], master).count).toBe(count);
});

it("takes what the user has set, the job's arguments first", () => {
  const settings = new Map([
    ["spark.beam2spark.hosts", "3"],
    ["spark.beam2spark.hostBind", "0.0.0.0:7000"],
    ["spark.beam2spark.hostAdvertise", "here"],
  ]);
  expect(planHosts(settings, [], "local[1]")).toEqual({ count: 3, bind: "0.0.0.0:7000", advertise: "here" });
  const words = ["--hosts", "2", "--host-bind=127.0.0.1:0"];
  expect(planHosts(settings, words, "local[1]")).toMatchObject({ count: 2, bind: "127.0.0.1:0" });
});

it.each([
  [undefined, []],
  ["127.0.0.1:7000", []],
  ["localhost", []],
  ["[::1]:0", []],
  ["0.0.0.0:7000", ["launch/host-open-to-others"]],
  ["[::]:7000", ["launch/host-open-to-others"]],
])("warns of hosts that others can reach: %s", (bind, codes) => {
  const warnings = warnOfOthers({ count: 1, bind, advertise: undefined });
  expect(warnings.map(({ code }) => code)).toEqual(codes);
});
