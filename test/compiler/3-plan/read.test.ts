import { expect, test } from "vitest";
import { ReadPayload } from "../../../src/beam/protos/types/payloads.js";
import { IsBounded } from "../../../src/beam/protos/types/pipeline.js";
import { URN } from "../../../src/beam/urns.js";
import { readCaptured } from "../../beam-pickle/captured.js";
import { PipelineBuilder } from "../support/pipeline-builder.js";
import { nodeNamed, planOf } from "../support/plan-of.js";

const sink = { outputs: [] };

/** A bounded read of a source that `test/beam-pickle/data` holds, with a ParDo as the part that would do it instead. */
function addRead(builder: PipelineBuilder, captured: string, coder: string): string {
  const inner = builder.parDo("Read/Split", builder.impulse("Read/Impulse"), { outputs: [coder] });
  const parts = [...builder.transforms.keys()].slice(-2);
  const payload = ReadPayload.encode({
    source: { urn: "beam:source:pickled_python:v1", payload: readCaptured("cloudpickle", captured) },
    isBounded: IsBounded.BOUNDED,
  });
  builder.transforms.set("read", {
    uniqueName: "Read",
    spec: { urn: URN.read, payload },
    subtransforms: parts,
    outputs: new Map([["out", inner]]),
  });
  for (const part of parts) builder.roots.splice(builder.roots.indexOf(part), 1);
  builder.roots.push("read");
  return inner;
}

test("lines of text are Spark's own strings, whatever the SDK says of their coder or reads them", () => {
  for (const coder of ["utf8", "any"]) {
    const builder = new PipelineBuilder();
    const lines = addRead(builder, "source-text", coder);
    builder.parDo("Sink", builder.reshuffle("Spread", lines, "any"), sink);
    const planned = planOf(builder);
    expect(nodeNamed(planned, "read-text", "Read").outputs[0]?.layout.value).toEqual({ kind: "utf8" });
  }
});

test("text that Spark would read otherwise goes through Beam's reader, with the reason", () => {
  const builder = new PipelineBuilder();
  builder.parDo("Sink", addRead(builder, "source-text-header", "utf8"), sink);
  const { plan } = planOf(builder);
  expect(plan.nodes.map(({ kind }) => kind)).toEqual(["impulse", "stage"]);

  expect(plan.declined[0]?.reason).toContain("header");
});

test("a user's source is a Python data source where nothing but Spark operators reads it", () => {
  const build = (finish: (builder: PipelineBuilder, records: string) => void) => {
    const builder = new PipelineBuilder();
    finish(builder, addRead(builder, "source-user", "kv(utf8,varint)"));
    return planOf(builder).plan.nodes[0]?.kind;
  };
  const counted = build((builder, records) =>
    builder.parDo("Sink", builder.combine("Count", records, "combine-count"), sink),
  );
  const grouped = build((builder, records) =>
    builder.parDo("Sink", builder.groupByKey("Group", records), sink),
  );
  const mapped = build((builder, records) => builder.parDo("Sink", records, sink));
  const ownCombiner = build((builder, records) =>
    builder.parDo("Sink", builder.combine("Total", records, "combine-user-lambda"), sink),
  );
  expect([counted, grouped, mapped, ownCombiner]).toEqual(["read", "read", "impulse", "impulse"]);
});
