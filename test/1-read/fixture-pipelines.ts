import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../src/package-root.js";

/** The captured pipelines of `fixtures/`, as they came from Beam: `word-count/pipeline` to bytes. */
export function fixturePipelines(): ReadonlyMap<string, Uint8Array> {
  const fixtures = join(findPackageRoot(), "fixtures");
  const pipelines = new Map<string, Uint8Array>();
  for (const folder of readdirSync(fixtures, { withFileTypes: true })) {
    if (!folder.isDirectory() || folder.name === "rejected") continue;
    for (const file of readdirSync(join(fixtures, folder.name))) {
      if (!file.endsWith(".pb")) continue;
      pipelines.set(`${folder.name}/${file.slice(0, -3)}`, readFileSync(join(fixtures, folder.name, file)));
    }
  }
  return pipelines;
}

/** One of them by name. Throws where there is none. */
export function fixturePipeline(name: string): Uint8Array {
  const bytes = fixturePipelines().get(name);
  if (bytes === undefined) throw new Error(`there is no fixture ${name}`);
  return bytes;
}
