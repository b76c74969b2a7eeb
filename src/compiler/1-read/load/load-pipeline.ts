import { stat } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import type { Result } from "../../../diagnostics/diagnostic.js";
import { limits } from "../limits.js";
import type { PipelineSource } from "../pipeline-source.js";
import { openFolder, readHead, readWholeFile } from "./folder.js";
import { isZip, openJar } from "./jar.js";
import { loadCapture } from "./load-capture.js";
import { loadPortable, portableFolder } from "./load-portable.js";
import { toDiagnostic } from "./refusal.js";

/**
 * Loads what a user names as PIPELINE, by what it is and not by its extension: a file with a pipeline proto (binary
 * or JSON) and what `capture` wrote beside it, or a jar or folder with the portable layout `BEAM-PIPELINE/`.
 * Nothing of the pipeline itself is judged here. Fails with the `read/…` codes of files, bundles and options.
 */
export async function loadPipeline(path: string): Promise<Result<PipelineSource>> {
  try {
    return { ok: true, value: await load(path, basename(path, extname(path))), warnings: [] };
  } catch (error) {
    return { ok: false, diagnostics: [toDiagnostic(error, basename(path))] };
  }
}

async function load(path: string, name: string): Promise<PipelineSource> {
  if ((await stat(path)).isDirectory()) {
    const root = basename(path) === portableFolder ? dirname(path) : path;
    return loadPortable(name, await openFolder(root));
  }
  if (isZip(await readHead(path, 2))) return loadPortable(name, await openJar(path));
  return loadCapture(path, name, await readWholeFile(path, "the pipeline", limits.pipelineBytes));
}
