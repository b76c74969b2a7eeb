import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folder of this package: the nearest one above this file whose package.json is named beam2spark. So it is
 * the same from the sources, from the bundled `dist/` and from an installed package. Throws where there is none.
 */
export function findPackageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && isNamedBeam2spark(manifest)) return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json named beam2spark above ${start}`);
  }
}

function isNamedBeam2spark(manifest: string): boolean {
  const content = JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown };
  return content.name === "beam2spark";
}
