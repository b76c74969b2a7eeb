import { homedir, hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { WireReader } from "../../src/beam/protos/wire-reader.js";
import { WireWriter } from "../../src/beam/protos/wire-writer.js";
import { readPipeline } from "../../src/compiler/1-read/read-pipeline.js";
import { type Target, targets } from "../../src/compiler/4-physical/target.js";
import { type CompiledProject, compilePipeline } from "../../src/compiler/compile.js";
import { findPackageRoot } from "../../src/package-root.js";
import { renderPlanMermaid } from "../../src/picture/plan-mermaid.js";
import { fixturePipelines } from "../1-read/fixture-pipelines.js";
import { makeRandom } from "../beam-pickle/random.js";
import { bytesByPath, testMaterials, unwrap } from "./support/compile-fixture.js";

const materials = { pyspark: await testMaterials("pyspark"), scala: await testMaterials("scala") };
const fixtures = [...fixturePipelines().keys()];

function compile(content: Uint8Array, target: Target): CompiledProject {
  const read = unwrap(readPipeline({ name: "same", content, options: {}, artifacts: [] }));
  return unwrap(compilePipeline(read, { target, failOnFallback: false }, materials[target]));
}

/** A project's bytes by path, without the pipeline itself, which is kept as it came. */
function filesOf(project: CompiledProject): ReadonlyMap<string, string> {
  const files = project.files.filter(({ path }) => path !== "pipeline.pb");
  return new Map([...bytesByPath(files), ["plan.mmd", renderPlanMermaid(project.physicalPlan)]]);
}

/** The same pipeline with the entries of its component maps in another order, as another SDK run may write them. */
function shuffled(pipeline: Uint8Array, random: (limit: number) => number): Uint8Array {
  const writer = new WireWriter();
  for (const { tag, value } of fieldsOf(pipeline)) {
    const isComponents = tag === 10;
    writer.raw(isComponents ? delimited(tag, shuffledEntries(value, random)) : delimited(tag, value));
  }
  return writer.finish();
}

function shuffledEntries(components: Uint8Array, random: (limit: number) => number): Uint8Array {
  const entries = fieldsOf(components);
  for (let index = entries.length - 1; index > 0; index--) {
    const other = random(index + 1);
    [entries[index], entries[other]] = [entries[other]!, entries[index]!];
  }
  const writer = new WireWriter();
  for (const { tag, value } of entries) writer.raw(delimited(tag, value));
  return writer.finish();
}

function fieldsOf(message: Uint8Array): { readonly tag: number; readonly value: Uint8Array }[] {
  const reader = new WireReader(message);
  const fields = [];
  while (!reader.done) fields.push({ tag: reader.tag(), value: reader.delimited() });
  return fields;
}

function delimited(tag: number, value: Uint8Array): Uint8Array {
  const writer = new WireWriter();
  writer.tag(tag >>> 3, 2);
  writer.delimited(value);
  return writer.finish();
}

describe.each(targets)("the same pipeline gives the same bytes: %s", (target) => {
  test.each(fixtures)("%s", (name) => {
    const bytes = fixturePipelines().get(name)!;
    const once = filesOf(compile(bytes, target));
    const random = makeRandom(3);
    const other = shuffled(bytes, random);
    expect(Buffer.compare(bytes, other)).not.toBe(0);
    expect(filesOf(compile(bytes, target))).toEqual(once);
    expect(filesOf(compile(other, target))).toEqual(once);
  });
});

test.each(targets)("nothing of the machine is in a %s project", (target) => {
  const words = [findPackageRoot(), homedir(), hostname(), process.cwd(), process.execPath];
  for (const bytes of fixturePipelines().values()) {
    for (const [path, text] of bytesByPath(compile(bytes, target).files)) {
      for (const word of words.filter((word) => word.length > 4)) {
        expect(text.includes(word), `${path} holds ${word}`).toBe(false);
      }
    }
  }
});
