import { z } from "zod";
import { MalformedMessageError } from "../../../beam/protos/malformed.js";
import { ArtifactFilePayload } from "../../../beam/protos/types/environment.js";
import { stagedNameOf } from "../../../beam/staged-name.js";
import { URN } from "../../../beam/urns.js";
import { createCollector } from "../../../diagnostics/collector.js";
import type { Artifact } from "../artifact.js";
import { limits } from "../limits.js";
import { parsePipeline } from "../parse-pipeline.js";
import type { PipelineSource } from "../pipeline-source.js";
import type { BundleFiles } from "./bundle-files.js";
import { locateArtifact } from "./load-artifact.js";
import { parseJsonFile, parseOptions } from "./options.js";
import { refuse } from "./refusal.js";

/** The folder of the portable layout, at the root of a jar or below a folder that a user names. */
export const portableFolder = "BEAM-PIPELINE";
const manifestPath = `${portableFolder}/pipeline-manifest.json`;
const manifest = z.object({ defaultJobName: z.string().regex(/^[^/\\:\p{Cc}]+$/u) });

/**
 * The portable layout that Beam's SDKs write with `--output_executable_path`: `pipeline-manifest.json` names a job;
 * its folder holds `pipeline.json`, `pipeline-options.json` and, in `artifacts/`, the files to which the file
 * artifacts of its environments point.
 */
export async function loadPortable(name: string, files: BundleFiles): Promise<PipelineSource> {
  const job = await readJobName(files);
  const pipelinePath = `${portableFolder}/${job}/pipeline.json`;
  const optionsPath = `${portableFolder}/${job}/pipeline-options.json`;
  const content = await files.read(pipelinePath, limits.pipelineBytes);
  if (content === null)
    refuse("read/bundle-invalid", { path: pipelinePath }, { reason: "there is no such file" });
  const options = await files.read(optionsPath, limits.sideFileBytes);
  return {
    name,
    content,
    options: parseOptions(options, optionsPath),
    artifacts: await locateArtifacts(content, `${portableFolder}/${job}/artifacts/`, files),
  };
}

async function readJobName(files: BundleFiles): Promise<string> {
  const content = await files.read(manifestPath, limits.sideFileBytes);
  if (content === null)
    refuse("read/bundle-invalid", { path: manifestPath }, { reason: "there is no such file" });
  const parsed = manifest.safeParse(parseJsonFile(content));
  if (parsed.success && parsed.data.defaultJobName !== "..") return parsed.data.defaultJobName;
  refuse("read/bundle-invalid", { path: manifestPath }, { reason: "it does not name a job" });
}

/** The artifacts that point into the bundle. A pipeline that can't be parsed has none: reading it says why. */
async function locateArtifacts(
  content: Uint8Array,
  below: string,
  files: BundleFiles,
): Promise<readonly Artifact[]> {
  const parsed = parsePipeline(content, createCollector());
  const artifacts: Artifact[] = [];
  for (const [environment, { dependencies }] of parsed?.pipeline.components?.environments ?? []) {
    for (const dependency of dependencies) {
      const file = dependency.typeUrn === URN.artifactFile ? decodeFile(dependency.typePayload) : null;
      const path = file?.path.replace(/^classpath:/u, "").replace(/^\/+/u, "");
      if (file === null || path === undefined || !path.startsWith(below)) continue;
      const { roleUrn, rolePayload } = dependency;
      const sha256 = /^[0-9a-f]{64}$/u.test(file.sha256) ? file.sha256 : null;
      const stagedName = stagedNameOf(dependency);
      artifacts.push(
        await locateArtifact(files, path, { environment, roleUrn, rolePayload, stagedName, sha256 }),
      );
    }
  }
  return artifacts;
}

function decodeFile(payload: Uint8Array): ArtifactFilePayload | null {
  try {
    return ArtifactFilePayload.decode(payload);
  } catch (error) {
    if (error instanceof MalformedMessageError) return null;
    throw error;
  }
}
