import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import type { Job } from "./job.js";

/** The files of one captured pipeline. */
export interface CapturedPipeline {
  /** The pipeline's bytes as the program sent them. */
  readonly pipeline: string;
  /** The pipeline options, `beam:option:<name>:v1` to value. */
  readonly options: string;
  /** Files by SHA-256, and `manifest.json`, a list of `StagedArtifact`. */
  readonly artifacts: string;
}

/** Names the files of the `number`-th captured pipeline: `name.pb`, `name-2.pb`, … */
export function nameCapture(output: string, number: number): CapturedPipeline {
  const extension = extname(output);
  const stem = join(dirname(output), basename(output, extension)) + (number === 1 ? "" : `-${number}`);
  return {
    pipeline: `${stem}${extension === "" ? ".pb" : extension}`,
    options: `${stem}.options.json`,
    artifacts: `${stem}.artifacts`,
  };
}

/**
 * Writes a captured job: the artifacts first and the pipeline last, so that a pipeline that is there is whole.
 *
 * In: the job, the folder that its artifacts were staged into, and the names. Errors: those of the file system.
 */
export async function writeCapture(job: Job, stagingFolder: string, files: CapturedPipeline): Promise<void> {
  await mkdir(dirname(resolve(files.pipeline)), { recursive: true });
  await rm(files.pipeline, { force: true });
  await rm(files.artifacts, { recursive: true, force: true });
  await mkdir(files.artifacts);
  for (const sha256 of new Set(job.artifacts.map((artifact) => artifact.sha256))) {
    await cp(join(stagingFolder, sha256), join(files.artifacts, sha256));
  }
  await writeFile(join(files.artifacts, "manifest.json"), toJson(job.artifacts));
  await writeFile(files.options, toJson(job.options));
  const partial = `${files.pipeline}.partial`;
  await writeFile(partial, job.pipeline);
  await rename(partial, files.pipeline);
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
