import { expect, test } from "vitest";
import { pythonString } from "../../../src/compiler/5-emit/pyspark/python-literal.js";
import { makeRandom } from "../../beam-pickle/random.js";
import { askPython } from "../support/ask-python.js";
import { hostileTexts } from "./hostile-text.js";

test("a literal is one line of ASCII whose value is the very text", () => {
  const random = makeRandom(99);
  const parts = [
    ...hostileTexts,
    '"',
    "\\",
    "\n",
    "\t",
    "\ud83d",
    "\ude00",
    "\u07ff",
    "\uffff",
    "N{DASH}",
    "u1234",
    "x41",
    "0",
  ];
  const texts = ["", ...hostileTexts, "\ud83d", "\ude00\ud83d"];
  for (let round = 0; round < 5_000; round++) {
    const length = random(5);
    const pick = (): string =>
      random(3) === 0 ? String.fromCharCode(random(0x10000)) : parts[random(parts.length)]!;
    texts.push(Array.from({ length }, pick).join(""));
  }
  const literals = texts.map(pythonString);
  for (const literal of literals) expect(literal).toMatch(/^"[\x20-\x7e]*"$/);
  expect(askPython<string[]>("literals", literals)).toEqual(texts);
});
