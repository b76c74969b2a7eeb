import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../diagnostics/diagnose.js";
import type { ApplicationRequest, PreparedApplication } from "./application.js";
import { hasPackages, packArtifacts } from "./pack-artifacts.js";
import { zipFolder } from "./zip-folder.js";

/** The folder of a PySpark project with its runtime. */
export const runtimePackage = "beam2spark_runtime";

const packagesAlias = "beam2spark_packages";

/**
 * Makes a PySpark project's application: packs the runtime and the pipeline's packages for the workers. In: a request
 * whose Python was found. Errors: `launch/packages-failed`.
 */
export async function preparePysparkApplication(
  { projectDirectory, environment, workFolder }: ApplicationRequest,
  python: string,
): Promise<PreparedApplication> {
  const runtime = join(workFolder, `${runtimePackage}.zip`);
  writeFileSync(runtime, zipFolder(join(projectDirectory, runtimePackage), runtimePackage));
  const archive = join(workFolder, `${packagesAlias}.zip`);
  try {
    if (hasPackages(projectDirectory)) await packArtifacts(projectDirectory, python, archive, environment);
  } catch (error) {
    const reason = (error as Error).message;
    return { ok: false, diagnostics: [diagnose("launch/packages-failed", {}, { reason })] };
  }
  const archives = existsSync(archive) ? `${archive}#${packagesAlias}` : null;
  return {
    ok: true,
    value: {
      words: [],
      lists: { "py-files": runtime, archives },
      file: join(projectDirectory, "job.py"),
      arguments: [],
      modules: [runtime],
    },
  };
}
