import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Components } from "../../src/beam/protos/types/pipeline.js";
import { loadPipeline } from "../../src/compiler/1-read/load/load-pipeline.js";
import { readPipeline } from "../../src/compiler/1-read/read-pipeline.js";
import { projectPython } from "../protos/project-python.js";
import { fixturePipeline } from "./fixture-pipelines.js";

test("a jar that Beam's own runner wrote is the pipeline that went into it, with its artifact", async () => {
  const input = fixturePipeline("word-count/pipeline");
  const program = fileURLToPath(new URL("portable_jar.py", import.meta.url));
  const jar = execFileSync(projectPython(), [program], { input, maxBuffer: 64 * 1024 * 1024, stdio: "pipe" });
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-jar-"));
  try {
    const path = join(folder, "words.jar");
    writeFileSync(path, jar);
    const source = await loadPipeline(path);
    expect(source).toMatchObject({ ok: true, value: { options: { "beam:option:streaming:v1": false } } });
    if (!source.ok) return;
    const [artifact, ...others] = source.value.artifacts;
    expect(others).toEqual([]);
    expect(artifact).toMatchObject({ stagedName: "lib.tar.gz", size: 11 });
    expect(await artifact?.load()).toMatchObject({ ok: true, value: Buffer.from("the library") });

    const fromJar = readPipeline(source.value);
    const direct = readPipeline({ name: "words", content: input, options: {}, artifacts: [] });
    expect(fromJar).toMatchObject({ ok: true, warnings: [] });
    if (!fromJar.ok || !direct.ok) throw new Error("the fixture was refused");
    // The environments differ: their dependencies are what the jar is about.
    const withoutEnvironments = (components: Components): Uint8Array =>
      Components.encode({ ...components, environments: new Map() });
    expect(withoutEnvironments(fromJar.value.components)).toEqual(
      withoutEnvironments(direct.value.components),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
