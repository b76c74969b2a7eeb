import { createHash } from "node:crypto";
import { isPlainPath } from "../../../beam/staged-name.js";
import { diagnose } from "../../../diagnostics/diagnose.js";
import type { Artifact } from "../artifact.js";
import { limits } from "../limits.js";
import type { BundleFiles } from "./bundle-files.js";
import { refuse, toDiagnostic } from "./refusal.js";

/** An artifact whose content lies in a bundle, at `path`. Refuses unsafe names and content that is not there. */
export async function locateArtifact(
  files: BundleFiles,
  path: string,
  description: Omit<Artifact, "size" | "load">,
): Promise<Artifact> {
  const { environment, stagedName, sha256 } = description;
  const name = stagedName ?? path;
  if (stagedName !== null && !isPlainPath(stagedName)) {
    refuse("read/artifact-unsafe", { id: environment }, { name });
  }
  const size = await files.size(path);
  if (size === null) {
    refuse(
      "read/bundle-invalid",
      { id: environment },
      { reason: `the content of its artifact ${name} is missing` },
    );
  }
  return {
    ...description,
    size,
    async load() {
      try {
        const content = await files.read(path, limits.artifactBytes);
        const isWhole = content?.length === size && (sha256 === null || sha256 === digest(content));
        if (content !== null && isWhole) return { ok: true, value: content, warnings: [] };
        return { ok: false, diagnostics: [diagnose("read/artifact-damaged", { id: environment }, { name })] };
      } catch (error) {
        return { ok: false, diagnostics: [toDiagnostic(error, name)] };
      }
    },
  };
}

function digest(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
