import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../package-root.js";

/**
 * The program of processes that become Python workers. A bundle that travels without `templates/` has its text in
 * this module's place (scripts/build.mjs).
 */
export function readForkerProgram(): string {
  return readFileSync(join(findPackageRoot(), "templates", "workers", "worker_forker.py"), "utf8");
}
