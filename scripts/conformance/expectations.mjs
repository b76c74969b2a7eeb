import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

const file = join(root, "test", "conformance", "not-passing.json");

/**
 * What is expected of Beam's suites in a lane, on a target.
 *
 * Out: `tests`, the number of tests of each suite; `notPassing`, entries of a capability, why it isn't there, what
 * each of its tests has to say (`says`), the verdict if it isn't "fail", the lanes
 * and targets if it isn't all, and the tests; `notCounted`, the tests that
 * a service passes that runs nothing.
 */
export function readExpectations(lane, target = "pyspark") {
  const { notPassing, ...rest } = JSON.parse(readFileSync(file, "utf8"));
  const isMeant = ({ lanes = [lane], targets = [target] }) =>
    lanes.includes(lane) && targets.includes(target);
  return { ...rest, notPassing: notPassing.filter(isMeant) };
}
