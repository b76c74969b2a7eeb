import { describe, expect, test } from "vitest";
import type { Message, MessageType } from "../../src/beam/protos/message-type.js";
import { Struct } from "../../src/beam/protos/types/google.js";
import { JobMessage, JobStateEvent, PrepareJobRequest } from "../../src/beam/protos/types/job.js";
import { HistogramValue, MonitoringInfo } from "../../src/beam/protos/types/metrics.js";
import { Pipeline } from "../../src/beam/protos/types/pipeline.js";
import { AtomicTypeValue, Schema } from "../../src/beam/protos/types/schema.js";
import { FixedWindowsPayload, Trigger, WindowingStrategy } from "../../src/beam/protos/types/windowing.js";
import { fixturePipelines } from "../1-read/fixture-pipelines.js";
import { runPython } from "./project-python.js";

interface Case {
  readonly name: string;
  readonly type: MessageType<Message>;
  readonly bytes: Uint8Array;
}

interface Answer {
  readonly bytes: string;
  readonly json: readonly string[];
}

const options = Struct.fromJson({
  "beam:option:jobName:v1": "näme",
  nested: { list: [1, "two", null, true, { __proto__x: 0.1 }], empty: {}, none: [] },
  big: 1e300,
});

const cases: readonly Case[] = [
  ...[...fixturePipelines()].map(([name, bytes]) => ({ name, type: Pipeline, bytes })),
  made("a request with options", PrepareJobRequest, {
    jobName: "job",
    pipelineOptions: options,
    pipeline: {},
  }),
  made("a time", JobStateEvent, { state: 3, timestamp: { seconds: 1_700_000_000n, nanos: 120_000_000 } }),
  made("a time before 1970", JobStateEvent, { timestamp: { seconds: -62_135_596_800n, nanos: 1 } }),
  made("an enum", JobMessage, { importance: 5, messageText: "\u0000\u2028\ud83d\ude00" }),
  made("durations", FixedWindowsPayload, { size: { seconds: -3n, nanos: -500 }, offset: { seconds: 5n } }),
  made("64-bit integers", HistogramValue, { count: 0n, bucketCounts: [2n ** 63n - 1n, -(2n ** 63n), 0n] }),
  made("a sparse histogram", HistogramValue, { bucketOptions: { linear: { width: 0, start: -0 } } }),
  made("bytes", MonitoringInfo, { payload: new Uint8Array([251, 255, 190, 0]), labels: new Map([["", ""]]) }),
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324].map((double) =>
    made(`the double ${double}`, AtomicTypeValue, { double }),
  ),
  made("a float", AtomicTypeValue, { float: Math.fround(0.1) }),
  made("a negative int32", AtomicTypeValue, { int32: -(2 ** 31) }),
  made("a nested trigger", Trigger, {
    orFinally: {
      main: { repeat: { subtrigger: { elementCount: { elementCount: 3 } } } },
      finally: { never: {} },
    },
  }),
  made("an unspecified enum", WindowingStrategy, { allowedLateness: 0n, outputTime: 2 }),
  made("a schema", Schema, {
    fields: [{ name: "f", type: { nullable: true, mapType: { keyType: { atomicType: 7 }, valueType: {} } } }],
  }),
];
const ours = cases.map((one) => ({ ...one, bytes: one.type.encode(one.type.decode(one.bytes)) }));
const answers = ask([...cases, ...ours]);

describe("Beam's protobuf library and ours agree", () => {
  test.each(ours.map((one, index) => [one.name, one, index] as const))("%s", (_, { type, bytes }, index) => {
    const canonical = Buffer.from(bytes);
    const [original, written] = [answers[index], answers[index + cases.length]];
    expect(original?.json).toHaveLength(4);
    expect(written?.bytes === original?.bytes, "what we write is, to Beam, what we read").toBe(true);
    for (const json of original?.json ?? []) {
      const fromJson = Buffer.from(type.encode(type.fromJson(JSON.parse(json))));
      expect(fromJson.equals(canonical), json.slice(0, 400)).toBe(true);
    }
  });
});

function made<T extends Message>(
  name: string,
  type: MessageType<T>,
  draft: Parameters<MessageType<T>["encode"]>[0],
): Case {
  return { name, type, bytes: type.encode(draft) };
}

function ask(questions: readonly Case[]): readonly Answer[] {
  const lines = questions.map(({ type, bytes }) =>
    JSON.stringify({ type: type.fullName, bytes: Buffer.from(bytes).toString("base64") }),
  );
  const output = runPython("exchange.py", `${lines.join("\n")}\n`).toString("utf8");
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);
}
