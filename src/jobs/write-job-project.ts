import type { Artifact } from "../compiler/1-read/artifact.js";
import { openFolder } from "../compiler/1-read/load/folder.js";
import { locateArtifact } from "../compiler/1-read/load/load-artifact.js";
import { checkArtifacts } from "../compiler/1-read/rules/artifacts.js";
import { createRuleContext } from "../compiler/1-read/rules/rule.js";
import type { ProjectMaterials } from "../compiler/5-emit/shared/project-materials.js";
import { writeProject } from "../compiler/6-write/write-project.js";
import { emitPlanned } from "../compiler/compile.js";
import { loadArtifacts } from "../compiler/load-materials.js";
import { createCollector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import type { Job } from "./job.js";
import type { JudgedPipeline } from "./judge-pipeline.js";

/**
 * Writes the project of a job whose artifacts have arrived, as `compile` writes it.
 *
 * In: the job, the folder of staged artifacts, what this installation gives to every project. Out: the project's
 * folder. Errors: `read/artifact-…`, `plan/artifact-clash`, `write/…`.
 */
export async function writeJobProject(
  job: Job,
  { read, planned }: JudgedPipeline,
  artifactFolder: string,
  installed: Omit<ProjectMaterials, "artifacts">,
  folder: string,
): Promise<Result<string>> {
  const artifacts = await listStagedArtifacts(job, artifactFolder);
  const collector = createCollector();
  checkArtifacts(createRuleContext(read.pipeline, read.components, artifacts), collector);
  if (collector.failed) return { ok: false, diagnostics: collector.diagnostics };
  const loaded = await loadArtifacts(artifacts);
  if (!loaded.ok) return loaded;
  const files = emitPlanned(read, planned, { ...installed, artifacts: loaded.value });
  return writeProject(files, folder, { force: false });
}

async function listStagedArtifacts(job: Job, folder: string): Promise<readonly Artifact[]> {
  if (job.artifacts.length === 0) return [];
  const files = await openFolder(folder);
  return Promise.all(
    job.artifacts.map(({ environment, roleUrn, rolePayload, stagedName, sha256 }) =>
      locateArtifact(files, sha256, {
        environment,
        roleUrn,
        rolePayload: Buffer.from(rolePayload, "base64"),
        stagedName,
        sha256,
      }),
    ),
  );
}
