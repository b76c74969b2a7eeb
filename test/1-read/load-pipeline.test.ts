import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ArtifactFilePayload,
  ArtifactStagingToRolePayload,
} from "../../src/beam/protos/types/environment.js";
import { URN } from "../../src/beam/urns.js";
import type { Artifact } from "../../src/compiler/1-read/artifact.js";
import { limits } from "../../src/compiler/1-read/limits.js";
import { loadPipeline } from "../../src/compiler/1-read/load/load-pipeline.js";
import type { PipelineSource } from "../../src/compiler/1-read/pipeline-source.js";
import { readPipeline } from "../../src/compiler/1-read/read-pipeline.js";
import { formatDiagnostics } from "../../src/diagnostics/format.js";
import { base64, smallPipeline } from "../rejected/small-pipeline.js";
import { fixturePipeline } from "./fixture-pipelines.js";
import { writeZip } from "./write-zip.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "beam2spark-load-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function load(path: string): Promise<PipelineSource> {
  const loaded = await loadPipeline(path);
  if (!loaded.ok) throw new Error(formatDiagnostics(loaded.diagnostics));
  return loaded.value;
}

async function refusalOf(path: string): Promise<string> {
  const loaded = await loadPipeline(path);
  return loaded.ok ? "" : formatDiagnostics(loaded.diagnostics);
}

async function contentOf(artifact: Artifact | undefined): Promise<string> {
  const loaded = await artifact?.load();
  return loaded?.ok ? Buffer.from(loaded.value).toString("utf8") : "";
}

const rolePayload = (stagedName: string): string =>
  base64(ArtifactStagingToRolePayload.encode({ stagedName }));

/** A pipeline in JSON whose environment depends on a file artifact at `path`. */
function dependingOn(path: string, stagedName: string): string {
  const typePayload = base64(ArtifactFilePayload.encode({ path }));
  const role = { roleUrn: URN.artifactStagingTo, rolePayload: rolePayload(stagedName) };
  const dependencies = [{ typeUrn: URN.artifactFile, typePayload, ...role }];
  return JSON.stringify(
    smallPipeline({ environments: { python: { urn: URN.environmentDefault, dependencies } } }),
  );
}

const portable = (artifact: string): Record<string, string> => ({
  "META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n",
  "BEAM-PIPELINE/pipeline-manifest.json": '{"defaultJobName": "pipeline"}',
  "BEAM-PIPELINE/pipeline/pipeline.json": dependingOn(`classpath://${artifact}`, "lib.tar.gz"),
  "BEAM-PIPELINE/pipeline/pipeline-options.json": '{"beam:option:streaming:v1": false}',
  "BEAM-PIPELINE/pipeline/artifacts/job/abc-lib.tar.gz": "the library",
});
const inside = "BEAM-PIPELINE/pipeline/artifacts/job/abc-lib.tar.gz";

describe("what PIPELINE can be", () => {
  test("a proto alone, under any extension", async () => {
    const bytes = fixturePipeline("word-count/pipeline");
    const source = await load(put("alone/words.bin", bytes));
    expect(source).toMatchObject({ name: "words", options: {}, artifacts: [] });
    expect(Buffer.from(source.content).equals(bytes)).toBe(true);
    expect(readPipeline(source)).toMatchObject({ ok: true, value: { name: "words" } });
  });

  test("a proto with what capture wrote beside it", async () => {
    const bytes = fixturePipeline("word-count/pipeline");
    const path = put("captured/words.pb", bytes);
    const sha256 = createHash("sha256").update("the library").digest("hex");
    put("captured/words.options.json", '{"beam:option:job_name:v1": "words", "__proto__": 1}');
    put(`captured/words.artifacts/${sha256}`, "the library");
    put(
      "captured/words.artifacts/manifest.json",
      JSON.stringify([
        {
          environment: "e1",
          typeUrn: URN.artifactFile,
          roleUrn: URN.artifactStagingTo,
          rolePayload: rolePayload("lib.tar.gz"),
          stagedName: "lib.tar.gz",
          sha256,
          size: 11,
        },
      ]),
    );
    const source = await load(path);
    expect(source.options["beam:option:job_name:v1"]).toBe("words");
    expect(source.artifacts).toMatchObject([
      { environment: "e1", stagedName: "lib.tar.gz", sha256, size: 11 },
    ]);
    expect(await contentOf(source.artifacts[0])).toBe("the library");
    put(`captured/words.artifacts/${sha256}`, "the Library");
    expect(await source.artifacts[0]?.load()).toMatchObject({
      diagnostics: [{ code: "read/artifact-damaged" }],
    });
  });

  test.each(["jar", "zip"])("a portable %s", async (extension) => {
    const source = await load(put(`portable/words.${extension}`, writeZip(portable(inside))));
    expect(source).toMatchObject({ name: "words", options: { "beam:option:streaming:v1": false } });
    expect(source.artifacts).toMatchObject([{ environment: "python", stagedName: "lib.tar.gz", size: 11 }]);
    expect(await contentOf(source.artifacts[0])).toBe("the library");
    expect(readPipeline(source)).toMatchObject({ ok: true, warnings: [] });
  });

  test("a folder with the portable layout, or that layout's own folder", async () => {
    for (const [name, content] of Object.entries(portable(inside))) put(`unpacked/${name}`, content);
    for (const path of ["unpacked", "unpacked/BEAM-PIPELINE"]) {
      const source = await load(join(folder, path));
      expect(await contentOf(source.artifacts[0])).toBe("the library");
      expect(readPipeline(source)).toMatchObject({ ok: true, warnings: [] });
    }
  });

  test("JSON that begins with a newline, and a proto that looks like that", async () => {
    const json = `\n${JSON.stringify(smallPipeline())}`;
    expect(readPipeline(await load(put("newline.json", json)))).toMatchObject({ ok: true });
    const proto = Buffer.from("\n{", "latin1");
    const read = readPipeline(await load(put("newline.pb", proto)));
    expect(read).toMatchObject({ ok: false, diagnostics: [{ code: "read/malformed-proto" }] });
  });
});

describe("what it can't be", () => {
  test("missing, empty, a folder of something else", async () => {
    expect(await refusalOf(join(folder, "nothing.pb"))).toContain("read/file-unreadable");
    put("other/file.txt", "text");
    expect(await refusalOf(join(folder, "other"))).toContain("read/bundle-invalid");
    const empty = readPipeline(await load(put("empty.pb", "")));
    expect(empty).toMatchObject({ ok: false, diagnostics: [{ code: "read/not-a-pipeline" }] });
  });

  test("larger than the limit", async () => {
    const path = put("large.pb", "");
    truncateSync(path, limits.pipelineBytes + 1);
    expect(await refusalOf(path)).toContain("read/too-large");
    const options = put("large-options.options.json", "");
    truncateSync(options, limits.sideFileBytes + 1);
    expect(await refusalOf(put("large-options.pb", ""))).toContain("read/too-large");
  });

  test("a jar that is cut, that lies about a size, or whose names lead out of it", async () => {
    const whole = writeZip(portable(inside));
    expect(await refusalOf(put("cut.jar", whole.subarray(0, whole.length - 30)))).toContain(
      "the jar is damaged",
    );
    expect(
      await refusalOf(put("garbled.jar", Buffer.concat([whole.subarray(0, 200), whole.subarray(230)]))),
    ).toContain("read/bundle-invalid");
    const longer = writeZip({ "BEAM-PIPELINE/pipeline-manifest.json": "x".repeat(1_000_000) }, { size: 10 });
    expect(await refusalOf(put("bomb.jar", longer))).toContain("the jar is damaged");
    const escaping = writeZip({ "any.txt": "x" }, { name: "../../any.txt" });
    expect(await refusalOf(put("escaping.jar", escaping))).toContain("read/bundle-invalid");
  });

  test.each(["../secret", "/etc", "a/b", "..", "a\\b", ""])(
    "a manifest that names the job %j",
    async (job) => {
      const jar = writeZip({
        "BEAM-PIPELINE/pipeline-manifest.json": JSON.stringify({ defaultJobName: job }),
      });
      expect(await refusalOf(put("job.jar", jar))).toContain("it does not name a job");
    },
  );

  test("artifacts outside of the bundle, by path or by symbolic link", async () => {
    put("secret", "secret");
    const escapes = ["../../secret", "/etc/passwd", "BEAM-PIPELINE/pipeline/artifacts/../../../secret"];
    for (const path of escapes) {
      for (const [name, content] of Object.entries(portable(path))) put(`escape/${name}`, content);
      const loaded = await loadPipeline(join(folder, "escape"));
      expect(loaded.ok ? loaded.value.artifacts : []).toEqual([]);
    }
    for (const [name, content] of Object.entries(portable(inside))) put(`linked/${name}`, content);
    rmSync(join(folder, "linked", inside));
    symlinkSync(join(folder, "secret"), join(folder, "linked", inside));
    expect(await refusalOf(join(folder, "linked"))).toContain(
      "the content of its artifact lib.tar.gz is missing",
    );
  });

  test("a link inside of the bundle is a file like others", async () => {
    cpSync(join(folder, "unpacked"), join(folder, "own-link"), { recursive: true });
    const target = join(folder, "own-link", inside);
    cpSync(target, `${target}.real`);
    rmSync(target);
    symlinkSync(`${target}.real`, target);
    expect(await contentOf((await load(join(folder, "own-link"))).artifacts[0])).toBe("the library");
  });
});
