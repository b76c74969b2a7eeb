import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodePythonPayload, readPythonPayload } from "../../src/beam/pickle/decode-python-payload.js";
import { defaultPickleLimits } from "../../src/beam/pickle/pickle-limits.js";
import { BitWriter } from "./bit-writer.js";
import { picklers, readCaptured } from "./captured.js";

const pickle = Buffer.from("\x80\x05N.", "latin1");
/** bz2.compress(pickle), and of 10,000,000 zeros; both by Python. */
const compressed = Buffer.from("QlpoOTFBWSZTWRLSh1AAAAHUQAIAAAEAAUAAIAAhmmgzTRc8XckU4UJAS0odQA==", "base64");
const zeros = Buffer.from("QlpoOTFBWSZTWdOl3HwATJfAEMAAAAgACCAAMMwFKaaqRFGwFEUeLuSKcKEhp0u4+A==", "base64");

describe("each form of a payload", () => {
  test.each<readonly [string, Uint8Array]>([
    ["a bare pickle", pickle],
    ["base64 of a pickle", base64(pickle)],
    ["base64 of bzip2", base64(compressed)],
    ["base64 of zlib", base64(deflateSync(pickle, { level: 9 }))],
    ["bzip2 alone", compressed],
    ["base64 of bzip2 in a BytesValue", bytesValue(base64(compressed))],
  ])("%s", (_, payload) => {
    expect(decodePythonPayload(payload)).toEqual({ readable: true, pickle: expect.any(Uint8Array) });
    expect(readPythonPayload(payload)).toMatchObject({ readable: true, value: { kind: "none" } });
  });

  test("with and without the BytesValue, as the SDK sends them", () => {
    for (const pickler of picklers) {
      expect(readCaptured(pickler, "combine-sum")[0]).toBe(0x0a);
      expect(readCaptured(pickler, "do-fn-class")[0]).not.toBe(0x0a);
    }
  });
});

describe("damaged payloads", () => {
  test.each<readonly [string, Uint8Array, RegExp]>([
    ["nothing", Buffer.alloc(0), /neither a pickle/],
    ["something else", Buffer.from("hello!"), /neither a pickle/],
    [
      "a BytesValue of a wrong length",
      Buffer.concat([bytesValue(base64(compressed)), pickle]),
      /neither a pickle/,
    ],
    ["a BytesValue without an end", Buffer.from([0x0a, 0xff, 0xff]), /neither a pickle/],
    ["cut bzip2", compressed.subarray(0, 30), /cut off/],
    ["bzip2 without its end", compressed.subarray(0, -4), /cut off|damaged/],
    ["a wrong block checksum", flip(compressed, 10), /damaged/],
    ["a wrong level", flip(compressed, 3, 0x80), /header is damaged/],
    ["a wrong magic number", flip(compressed, 5), /damaged/],
    ["cut zlib", deflateSync(pickle).subarray(0, 6), /damaged/],
    ["zlib of the wrong checksum", flip(deflateSync(pickle), 10), /damaged/],
  ])("%s", (_, payload, reason) => {
    expect(decodePythonPayload(payload)).toEqual({ readable: false, reason: expect.stringMatching(reason) });
  });
});

describe("bombs", () => {
  const limits = { ...defaultPickleLimits, bytes: 1_000_000 };

  test("of bzip2", () => {
    expect(zeros.length).toBeLessThan(100);
    expect(decodePythonPayload(zeros, limits)).toEqual({
      readable: false,
      reason: "it unpacks to over 1000000 bytes",
    });
    // Just within the limit it is unpacked whole, and no pickle; one byte less is too little.
    const enough = { ...defaultPickleLimits, bytes: 10_000_000 };
    expect(readPythonPayload(zeros, enough)).toEqual({
      readable: false,
      reason: "byte 0 is 0, which is no opcode",
    });
    expect(readPythonPayload(zeros, { ...enough, bytes: 9_999_999 })).toEqual({
      readable: false,
      reason: "it unpacks to over 9999999 bytes",
    });
  });

  test("of zlib", () => {
    expect(decodePythonPayload(deflateSync(Buffer.alloc(10_000_000)), limits)).toEqual({
      readable: false,
      reason: "it unpacks to over 1000000 bytes",
    });
  });

  test("a payload that is too large itself", () => {
    expect(decodePythonPayload(Buffer.alloc(1_000_001), limits)).toEqual({
      readable: false,
      reason: "it is over 1000000 bytes",
    });
  });

  // The length of this run needs more than 32 bits.
  test("a bzip2 run of forty digits", () => {
    expect(decodePythonPayload(makeRunaway(40))).toEqual({
      readable: false,
      reason: "its compressed bytes have a run longer than a block",
    });
  });
});

/** A bzip2 block whose only content is one run with that many digits. */
function makeRunaway(digits: number): Buffer {
  const bits = new BitWriter();
  bits.write(0x425a68, 24);
  bits.write(0x39, 8);
  bits.write(0x314159, 24);
  bits.write(0x265359, 24);
  bits.write(0, 32);
  bits.write(0, 1);
  bits.write(0, 24);
  // The one byte that is used is 0.
  bits.write(0x8000, 16);
  bits.write(0x8000, 16);
  // Two tables, one selector, which is the first.
  bits.write(2, 3);
  bits.write(1, 15);
  bits.write(0, 1);
  // Three symbols of two bits each, twice.
  for (let table = 0; table < 2; table++) {
    bits.write(2, 5);
    bits.write(0, 3);
  }
  for (let digit = 0; digit < digits; digit++) bits.write(0, 2);
  bits.write(2, 2);
  return bits.finish();
}

function base64(bytes: Uint8Array): Buffer {
  return Buffer.from(Buffer.from(bytes).toString("base64"));
}

function bytesValue(bytes: Uint8Array): Buffer {
  if (bytes.length > 127) throw new Error("the length has to fit into one byte");
  return Buffer.concat([Buffer.from([0x0a, bytes.length]), bytes]);
}

function flip(bytes: Uint8Array, index: number, mask = 1): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] as number) ^ mask;
  return copy;
}
