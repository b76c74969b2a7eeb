import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

const file = join(root, "test", "conformance", "not-passing.json");

/**
 * What is expected of Beam's suites.
 *
 * Out: `tests`, the number of tests of each suite; `notPassing`, entries of a capability, why it isn't there, what
 * each of its tests has to say (`says`), the verdict if it isn't "fail", and the tests; `notCounted`, the tests that
 * a service passes that runs nothing.
 */
export function readExpectations() {
  return JSON.parse(readFileSync(file, "utf8"));
}
