import { describe, expect, test } from "vitest";
import { Pipeline } from "../../src/beam/protos/types/pipeline.js";
import { URN } from "../../src/beam/urns.js";
import type { ReadPipeline } from "../../src/compiler/1-read/read-pipeline.js";
import type { Result } from "../../src/diagnostics/diagnostic.js";
import { formatDiagnostics } from "../../src/diagnostics/format.js";
import { flatten, pcollection, smallPipeline } from "../rejected/small-pipeline.js";
import { fixturePipeline } from "./fixture-pipelines.js";
import { read, readJson, unwrap } from "./read-bytes.js";

describe("what is huge is judged, in time and without overflowing the stack", () => {
  test("a coder that nests 10,000 deep", () => {
    const coders = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [
        `c${index}`,
        {
          spec: { urn: URN.coderIterable },
          componentCoderIds: [index === 9_999 ? "bytes" : `c${index + 1}`],
        },
      ]),
    );
    const result = readJson(smallPipeline({ coders }));
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [{ code: "read/coder-too-deep", at: { id: "c0" } }],
    });
  });

  test("a coder of 100,000 parts, and a composite of 100,000 missing parts", () => {
    const parts = Array.from({ length: 100_000 }, (_, index) => `x${index}`);
    readJson(smallPipeline({ coders: { wide: { spec: { urn: URN.coderKv }, componentCoderIds: parts } } }));
    const result = readJson(
      smallPipeline({ transforms: { wide: { uniqueName: "Wide", subtransforms: parts } } }),
    );
    expect(formatDiagnostics(result.ok ? [] : result.diagnostics).length).toBeLessThan(20_000);
  });

  test("transforms in transforms, 50,000 deep, and a data flow of 50,000 steps in a circle", () => {
    const length = 50_000;
    const steps = Array.from({ length }, (_, index) => index);
    const nested = Object.fromEntries(
      steps.map((index) => [
        `t${index}`,
        { uniqueName: `T${index}`, subtransforms: index + 1 < length ? [`t${index + 1}`] : [] },
      ]),
    );
    expect(codesOf(readJson(smallPipeline({ transforms: nested, roots: ["source", "t0"] })))).toContain(
      "read/hierarchy-too-deep",
    );
    const circle = smallPipeline({
      transforms: Object.fromEntries(
        steps.map((index) => [`t${index}`, flatten(`T${index}`, `q${index}`, `q${(index + 1) % length}`)]),
      ),
      pcollections: Object.fromEntries(steps.map((index) => [`q${index}`, pcollection(`Q${index}`)])),
      roots: ["source", ...steps.map((index) => `t${index}`)],
    });
    expect(codesOf(readJson(circle))).toEqual(["read/data-flow-cycle"]);
  });

  test("20,000 transforms", () => {
    expect(unwrap(read(longPipeline(20_000))).components.transforms.size).toBeGreaterThanOrEqual(20_000);
  });
});

describe("damaged pipelines never throw", () => {
  const bytes = fixturePipeline("word-count/pipeline");

  test("cut anywhere", () => {
    for (let length = 0; length < bytes.length; length += 97) {
      expect(() => read(bytes.subarray(0, length))).not.toThrow();
    }
    expect(read(bytes.subarray(0, bytes.length / 2)).ok).toBe(false);
  });

  test("bits flipped, bytes put in and taken out", () => {
    let state = 20_240_131;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const outcomes = new Map<string, number>();
    for (let round = 0; round < 1_000; round++) {
      let damaged = Buffer.from(bytes);
      // Half of the rounds keep all lengths as they are, so that the damage gets as far as the rules.
      const kinds = round % 2 === 0 ? 1 : 3;
      for (let change = 0; change <= random(4); change++) {
        const at = random(damaged.length);
        const kind = random(kinds);
        if (kind === 0) damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << random(8)), at);
        else if (kind === 1)
          damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + 1 + random(4))]);
        else
          damaged = Buffer.concat([
            damaged.subarray(0, at),
            Buffer.from([random(256)]),
            damaged.subarray(at),
          ]);
      }
      const result = read(damaged);
      formatDiagnostics(result.ok ? result.warnings : result.diagnostics);
      const outcome = result.ok ? "ok" : (result.diagnostics[0]?.code ?? "none");
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(outcomes.get("none")).toBeUndefined();
    expect(outcomes.size).toBeGreaterThan(3);
  });

  test("JSON with values of the wrong kind anywhere", () => {
    const mutants: unknown[] = [null, true, 7, "text", [], {}, [[]], { __proto__: null }, "\ud800", 1e300];
    const json = JSON.stringify(smallPipeline());
    const places = [...json.matchAll(/"[^"]*":/gu)].map((match) => (match.index ?? 0) + match[0].length);
    for (const place of places) {
      for (const mutant of mutants) {
        const text = `${json.slice(0, place)}${JSON.stringify(mutant)},"_":${json.slice(place)}`;
        expect(() => read(new TextEncoder().encode(text))).not.toThrow();
      }
    }
  });
});

function codesOf(result: Result<ReadPipeline>): readonly string[] {
  return [
    ...new Set((result.ok ? result.warnings : result.diagnostics).map((diagnostic) => diagnostic.code)),
  ];
}

/** A chain of so many Flattens after an Impulse, in a composite each. */
function longPipeline(length: number): Uint8Array {
  const steps = Array.from({ length: length / 2 }, (_, index) => index);
  return Pipeline.encode(
    Pipeline.fromJson(
      smallPipeline({
        transforms: Object.fromEntries(
          steps.flatMap((index) => [
            [`t${index}`, flatten(`T${index}/Part`, index === 0 ? "p1" : `q${index - 1}`, `q${index}`)],
            [`u${index}`, { uniqueName: `T${index}`, subtransforms: [`t${index}`] }],
          ]),
        ),
        pcollections: Object.fromEntries(steps.map((index) => [`q${index}`, pcollection(`Q${index}`)])),
        roots: ["source", ...steps.map((index) => `u${index}`)],
      }),
    ),
  );
}
