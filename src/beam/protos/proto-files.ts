import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../package-root.js";

/**
 * The text of a file of `proto/`: Beam's by their plain names, others by their paths. A bundle that travels without
 * that folder has the texts in this module's place (scripts/build.mjs).
 *
 * Errors: an Error where there is no such file.
 */
export function readProtoFile(name: string): string {
  const folder = join(findPackageRoot(), "proto");
  const file = [join(folder, "beam", name), join(folder, name)].find(existsSync);
  if (file === undefined) throw new Error(`there is no proto file ${name}`);
  return readFileSync(file, "utf8");
}
