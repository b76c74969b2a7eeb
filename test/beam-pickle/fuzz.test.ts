import { describe, expect, test } from "vitest";
import { decodePythonPayload, readPythonPayload } from "../../src/beam/pickle/decode-python-payload.js";
import { readPickle } from "../../src/beam/pickle/read-pickle.js";
import { describeCombineFn } from "../../src/beam/recognise/combine-fn.js";
import { describeDoFn } from "../../src/beam/recognise/do-fn.js";
import { describeReadSource } from "../../src/beam/recognise/read-source.js";
import { picklers, readCaptured } from "./captured.js";
import { makeRandom } from "./random.js";

const names = ["combine-sum", "combine-user-in-main", "source-text", "source-user", "do-fn-map-lambda"];
const payloads = picklers.flatMap((pickler) => names.map((name) => readCaptured(pickler, name)));
const pickles = payloads.map((payload) => {
  const decoded = decodePythonPayload(payload);
  if (!decoded.readable) throw new Error(decoded.reason);
  return decoded.pickle;
});

describe("damage never throws and takes no time", () => {
  test("pickles cut at each byte", () => {
    for (const pickle of pickles) {
      for (let length = 0; length < pickle.length; length++) {
        expect(readPickle(pickle.subarray(0, length)).readable).toBe(false);
      }
    }
  });

  test("pickles with flipped bytes", () => {
    const random = makeRandom(1);
    let readable = 0;
    for (let round = 0; round < 4000; round++) {
      const damaged = damage(pickles[round % pickles.length] as Uint8Array, random);
      if (describeAll(damaged)) readable++;
    }
    // Otherwise only the first opcode would ever be tried.
    expect(readable).toBeGreaterThan(400);
    expect(readable).toBeLessThan(3900);
  });

  test("payloads with flipped bytes", () => {
    const random = makeRandom(2);
    for (let round = 0; round < 1500; round++) {
      describeAll(damage(payloads[round % payloads.length] as Uint8Array, random));
    }
  });

  test("bzip2 with a flipped bit is refused, or the bit says nothing", () => {
    const random = makeRandom(3);
    let refused = 0;
    for (let round = 0; round < 1500; round++) {
      const payload = Buffer.from(payloads[round % payloads.length] as Uint8Array).toString("latin1");
      const compressed = Buffer.from(payload.slice(payload.indexOf("Qlpo")), "base64");
      const place = 4 + random(compressed.length - 5);
      compressed[place] = (compressed[place] as number) ^ (1 << random(8));
      const decoded = decodePythonPayload(compressed);
      if (decoded.readable) {
        expect(Buffer.from(decoded.pickle).equals(pickles[round % pickles.length] as Uint8Array)).toBe(true);
      } else refused++;
    }
    expect(refused).toBeGreaterThan(1400);
  });

  test("random opcodes", () => {
    const random = makeRandom(4);
    const codes = Buffer.from("NKGXcRb()]}tade2hqoil0.\x80\x81\x85\x86\x8c\x8f\x90\x91\x93\x94", "latin1");
    for (let round = 0; round < 5000; round++) {
      const bytes = Buffer.from(
        Array.from({ length: random(60) }, () => codes[random(codes.length)] as number),
      );
      describeAll(bytes);
    }
  });
});

/** Shows the bytes to every recogniser; true where they are a readable pickle. */
function describeAll(payload: Uint8Array): boolean {
  describeCombineFn({ urn: "beam:combinefn:pickled_python:v1", payload });
  describeReadSource({ urn: "beam:source:pickled_python:v1", payload });
  describeDoFn({ urn: "beam:dofn:pickled_python_info:v1", payload });
  return readPythonPayload(payload).readable;
}

function damage(bytes: Uint8Array, random: (limit: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = random(3); count >= 0; count--) copy[random(copy.length)] = random(256);
  return random(4) === 0 ? copy.subarray(0, random(copy.length)) : copy;
}
