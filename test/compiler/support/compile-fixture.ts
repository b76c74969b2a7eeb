import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadPipeline } from "../../../src/compiler/1-read/load/load-pipeline.js";
import { type ReadPipeline, readPipeline } from "../../../src/compiler/1-read/read-pipeline.js";
import type { Target } from "../../../src/compiler/4-physical/target.js";
import type { ProjectMaterials } from "../../../src/compiler/5-emit/shared/project-materials.js";
import type { SourceFile } from "../../../src/compiler/5-emit/source-file.js";
import { type CompiledProject, compilePipeline } from "../../../src/compiler/compile.js";
import { loadArtifacts, loadTemplates } from "../../../src/compiler/load-materials.js";
import type { Result } from "../../../src/diagnostics/diagnostic.js";
import { formatDiagnostics } from "../../../src/diagnostics/format.js";
import { findPackageRoot } from "../../../src/package-root.js";

/** A captured pipeline of `fixtures/` and the folders of its golden files. */
export interface Fixture {
  /** The fixture's folder, with `-unlifted` for the pipeline whose combines the SDK left whole. */
  readonly name: string;
  readonly pipeline: string;
  readonly expected: string;
  /** Those of the Scala target. */
  readonly expectedScala: string;
}

/** Every captured pipeline of `fixtures/`, sorted by name. */
export function listFixtures(): readonly Fixture[] {
  const root = join(findPackageRoot(), "fixtures");
  return readdirSync(root)
    .sort()
    .filter((folder) => folder !== "rejected")
    .flatMap((folder) =>
      ["", "-unlifted"].map((form) => ({
        name: `${folder}${form}`,
        pipeline: join(root, folder, `pipeline${form}.pb`),
        expected: join(root, folder, `expected${form}`),
        expectedScala: join(root, folder, `expected-scala${form}`),
      })),
    )
    .filter(({ pipeline }) => existsSync(pipeline));
}

/** Reads a fixture as the command line does; its name is the folder's. */
export async function readFixture(fixture: Fixture): Promise<ReadPipeline> {
  const source = unwrap(await loadPipeline(fixture.pipeline));
  return unwrap(readPipeline({ ...source, name: fixture.name }));
}

/** Compiles a fixture to a whole project. */
export async function compileFixture(fixture: Fixture, target: Target = "pyspark"): Promise<CompiledProject> {
  const read = await readFixture(fixture);
  const artifacts = unwrap(await loadArtifacts(read.artifacts));
  const materials = { ...(await testMaterials(target)), artifacts };
  return unwrap(compilePipeline(read, { target, failOnFallback: false }, materials));
}

const materials = new Map<Target, Promise<ProjectMaterials>>();

/** The templates as they are, and in the built launcher's place only its published types: nothing has to be built. */
export function testMaterials(target: Target = "pyspark"): Promise<ProjectMaterials> {
  const loaded = materials.get(target) ?? loadTestMaterials(target);
  materials.set(target, loaded);
  return loaded;
}

async function loadTestMaterials(target: Target): Promise<ProjectMaterials> {
  const types = readFileSync(join(findPackageRoot(), "src/launcher/published/index.d.mts"), "utf8");
  return {
    templates: await loadTemplates(target),
    launcher: [
      { path: "index.d.mts", content: types },
      { path: "index.mjs", content: "" },
    ],
    host: [{ path: "index.mjs", content: "" }],
    artifacts: [],
  };
}

/** The value of a result that must be good; throws its diagnostics as text. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(formatDiagnostics(result.diagnostics));
  return result.value;
}

/** The text of one file of a project. */
export function textOf(project: CompiledProject, path: string): string {
  const file = project.files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`the project has no ${path}`);
  return typeof file.content === "string" ? file.content : Buffer.from(file.content).toString();
}

/** Every file's bytes, a character each, by path: quick to compare and to search. */
export function bytesByPath(files: readonly SourceFile[]): ReadonlyMap<string, string> {
  return new Map(
    files.map(({ path, content }) => [path, Buffer.from(content as Uint8Array).toString("latin1")] as const),
  );
}
