import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { nameArtifactFile } from "../beam/artifact-file-name.js";
import { createCollector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { findPackageRoot } from "../package-root.js";
import type { Artifact } from "./1-read/artifact.js";
import type { Target } from "./4-physical/target.js";
import type { ProjectMaterials } from "./5-emit/shared/project-materials.js";
import type { TemplateTexts } from "./5-emit/shared/templates.js";
import type { SourceFile } from "./5-emit/source-file.js";

/** Files of the runtime's own development, which a project does not need. */
const notCopied = /(^|\/)(__pycache__|\.pytest_cache|\.ruff_cache)(\/|$)|\.pyc$/;

/**
 * Loads what a project of a target is made of beside its plan: the templates and the runtime of this installation, the
 * built launcher, and the content of the pipeline's artifacts.
 *
 * Errors: those of the artifacts (`read/artifact-…`), and `plan/artifact-clash` where two environments stage
 * different files under one name.
 */
export async function loadMaterials(
  target: Target,
  artifacts: readonly Artifact[],
): Promise<Result<ProjectMaterials>> {
  const installed = await loadInstalledMaterials(target);
  const loaded = await loadArtifacts(artifacts);
  if (!loaded.ok) return loaded;
  return { ok: true, value: { ...installed, artifacts: loaded.value }, warnings: loaded.warnings };
}

/** What does not depend on the pipeline: the templates, the runtime, the built launcher and the host. */
export async function loadInstalledMaterials(target: Target): Promise<Omit<ProjectMaterials, "artifacts">> {
  const templates = await loadTemplates(target);
  return { templates, launcher: await loadBuilt("launcher"), host: await loadBuilt("host") };
}

/** The files of a part of `dist/`. */
async function loadBuilt(part: string): Promise<readonly SourceFile[]> {
  const folder = join(findPackageRoot(), "dist", part);
  const paths = await listFiles(folder);
  return Promise.all(
    paths.map(async (path) => ({ path, content: await readFile(join(folder, path), "utf8") })),
  );
}

/** The texts of a target's folder in `templates/`, by path below that folder. */
export async function loadTemplates(target: Target): Promise<TemplateTexts> {
  const folder = join(findPackageRoot(), "templates", target);
  const templates = new Map<string, string>();
  for (const path of await listFiles(folder)) templates.set(path, await readFile(join(folder, path), "utf8"));
  return templates;
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((path) => !notCopied.test(path))
    .sort();
}

/** The contents of a pipeline's artifacts, by the names under which its workers expect them. */
export async function loadArtifacts(artifacts: readonly Artifact[]): Promise<Result<readonly SourceFile[]>> {
  const collector = createCollector();
  const files = new Map<string, Uint8Array>();
  for (const artifact of artifacts) {
    const name = nameArtifactFile(artifact);
    if (name === null) continue;
    const content = await artifact.load();
    if (!content.ok) {
      collector.add(content.diagnostics);
      continue;
    }
    const before = files.get(name);
    if (before !== undefined && Buffer.compare(before, content.value) !== 0) {
      collector.report("plan/artifact-clash", { id: artifact.environment }, { name });
    }
    files.set(name, content.value);
  }
  return collector.finish(() => [...files].map(([path, content]) => ({ path, content })));
}
