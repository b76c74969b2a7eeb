import { dirname, extname } from "node:path";
import { z } from "zod";
import type { Artifact } from "../artifact.js";
import { limits } from "../limits.js";
import type { PipelineSource } from "../pipeline-source.js";
import { isMissing, openFolder } from "./folder.js";
import { locateArtifact } from "./load-artifact.js";
import { parseJsonFile, parseOptions } from "./options.js";
import { refuse } from "./refusal.js";

/** `manifest.json`, as `capture` writes it: what each staged file is for, and under which SHA-256 it is kept. */
const manifest = z.array(
  z.object({
    environment: z.string(),
    roleUrn: z.string(),
    rolePayload: z.base64().transform((text) => new Uint8Array(Buffer.from(text, "base64"))),
    stagedName: z.string().nullable(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/u, "is not a SHA-256"),
  }),
);

/** A pipeline file with what `capture` wrote beside it, if anything: `NAME.options.json` and `NAME.artifacts/`. */
export async function loadCapture(path: string, name: string, content: Uint8Array): Promise<PipelineSource> {
  const beside = await openFolder(dirname(path));
  const stem = path.slice(0, path.length - extname(path).length);
  const optionsFile = `${name}.options.json`;
  const options = await beside.read(optionsFile, limits.sideFileBytes);
  return {
    name,
    content,
    options: parseOptions(options, optionsFile),
    artifacts: await loadArtifacts(stem, name),
  };
}

async function loadArtifacts(stem: string, name: string): Promise<readonly Artifact[]> {
  const path = `${name}.artifacts/manifest.json`;
  const files = await openFolder(`${stem}.artifacts`).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (files === null) return [];
  const content = await files.read("manifest.json", limits.sideFileBytes);
  if (content === null) refuse("read/bundle-invalid", { path }, { reason: "there is no such file" });
  const parsed = manifest.safeParse(parseJsonFile(content));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    refuse("read/bundle-invalid", { path }, { reason: `${issue?.path.join(".")} ${issue?.message}`.trim() });
  }
  const artifacts: Artifact[] = [];
  for (const entry of parsed.data) artifacts.push(await locateArtifact(files, entry.sha256, entry));
  return artifacts;
}
