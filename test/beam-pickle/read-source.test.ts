import { describe, expect, test } from "vitest";
import { decodePythonPayload } from "../../src/beam/pickle/decode-python-payload.js";
import { describeReadSource, type RecognisedSource } from "../../src/beam/recognise/read-source.js";
import { listCaptured, picklers, readCaptured } from "./captured.js";

const urn = "beam:source:pickled_python:v1";
const words = "/data/words*.txt";

const expected: Readonly<Record<string, RecognisedSource>> = {
  "source-text": { kind: "text", exact: true, pattern: words, compression: "auto" },
  "source-text-relative": { kind: "text", exact: true, pattern: "./words.txt", compression: "auto" },
  "source-text-uncompressed": { kind: "text", exact: true, pattern: words, compression: "uncompressed" },
  "source-text-bundle-size": { kind: "text", exact: true, pattern: words, compression: "auto" },
  "source-text-gzip": inexact("the files have one compression, whatever their names", words, "gzip"),
  "source-text-newlines": inexact("newlines are kept at the end of each line"),
  "source-text-bytes": inexact("the lines have a coder of their own"),
  "source-text-header": inexact("header lines are skipped"),
  "source-text-delimiter": inexact("the lines end at a delimiter of their own"),
  "source-text-escape": inexact("line ends can be escaped"),
  "source-text-matcher": inexact("a function finds header lines", "/data/words.txt"),
  "source-text-runtime": inexact("the pattern is given only when the pipeline runs", null),
  "source-text-filename": python("apache_beam.io.textio._TextSourceWithFilename"),
  "source-parquet": { kind: "parquet", exact: true, pattern: "/data/words.parquet", columns: null },
  "source-avro": python("apache_beam.io.avroio._FastAvroSource"),
  "source-tfrecord": python("apache_beam.io.tfrecordio._TFRecordSource"),
  "source-user": { kind: "python", className: "__main__.Numbers", userDefined: true },
};

describe.each(picklers)("sources pickled by %s", (pickler) => {
  test.each(Object.entries(expected))("%s", (name, source) => {
    expect(describeReadSource({ urn, payload: readCaptured(pickler, name) })).toEqual(source);
  });

  test("no payload is left out", () => {
    expect(Object.keys(expected).sort()).toEqual(listCaptured(pickler, "source-"));
  });
});

describe("a text source is not exact", () => {
  const text = pickleOf("source-text");
  const beforeStop = (more: string) =>
    Buffer.concat([text.subarray(0, -1), Buffer.from(`${more}.`, "latin1")]);

  test("where loading it does more", () => {
    const payload = beforeStop("cbuiltins\nprint\n)R0");
    expect(describeReadSource({ urn, payload })).toMatchObject({
      exact: false,
      reasons: ["loading it does more than to make it"],
    });
  });

  test("where it has an attribute that nobody knows", () => {
    const payload = Buffer.from(text.toString("latin1").replace("_escapechar", "_escape_new"), "latin1");
    expect(describeReadSource({ urn, payload })).toMatchObject({
      exact: false,
      reasons: ["it has an attribute that Beam 2.77 doesn't know"],
    });
  });

  test("where it is given its state twice", () => {
    expect(describeReadSource({ urn, payload: beforeStop("}b") })).toMatchObject({ kind: "python" });
  });
});

test("a Parquet source is not exact where it has an attribute that nobody knows", () => {
  const pickled = pickleOf("source-parquet").toString("latin1");
  const payload = Buffer.from(pickled.replace("_columns", "_kolumns"), "latin1");
  expect(describeReadSource({ urn, payload })).toEqual({
    kind: "parquet",
    exact: false,
    reasons: ["it has an attribute that Beam 2.77 doesn't know"],
  });
});

test("a source that Python didn't pickle is unknown", () => {
  const spec = { urn: "beam:java:boundedsource:v1", payload: new Uint8Array() };
  expect(describeReadSource(spec)).toEqual({
    kind: "unknown",
    reason: "beam:java:boundedsource:v1 is not a source that Python pickled",
  });
});

test("an unreadable pickle is unknown, with the reason", () => {
  expect(describeReadSource({ urn, payload: Buffer.from("Qlpo") })).toEqual({
    kind: "unknown",
    reason: "its pickle can't be read: its compressed bytes are cut off",
  });
});

function inexact(reason: string, pattern: string | null = words, compression = "auto"): RecognisedSource {
  return { kind: "text", exact: false, pattern, compression, reasons: [reason] };
}

function python(className: string): RecognisedSource {
  return { kind: "python", className, userDefined: false };
}

function pickleOf(name: string): Buffer {
  const decoded = decodePythonPayload(readCaptured("cloudpickle", name));
  if (!decoded.readable) throw new Error(decoded.reason);
  return Buffer.from(decoded.pickle);
}
