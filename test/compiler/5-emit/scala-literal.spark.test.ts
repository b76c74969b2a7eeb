import { expect, test } from "vitest";
import { apply, statement } from "../../../src/compiler/5-emit/scala/scala-code.js";
import { scalaString } from "../../../src/compiler/5-emit/scala/scala-literal.js";
import { runScala } from "../support/scala-code.js";
import { hostileTexts } from "./hostile-text.js";

/** Every UTF-16 code unit once, lone surrogates too, in texts that a class file can hold. */
function codeUnits(): readonly string[] {
  const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
  return Array.from({ length: 16 }, (_, part) => units.slice(part * 0x1000, (part + 1) * 0x1000).join(""));
}

test("a literal has exactly the value of its text, and the compiler takes none for an interpolation", async () => {
  const looksInterpolated = [
    "$job",
    "$\u007bjob}",
    "a $job.b $",
    "$$job",
    "$",
    "\\u0041",
    "\\",
    '"""',
    '$"""{job}',
  ];
  // Longer than a class file's constants.
  const long = `$${"\u20ac\u0000".repeat(2_000)}`.repeat(9);
  const schema = Array.from({ length: 3_000 }, (_, output) => [`o${output}_value struct<key: binary>`]);
  const wanted = [...hostileTexts, ...looksInterpolated, ...codeUnits(), long];
  const literals = wanted.map(scalaString);
  const texts = [...wanted, schema.flat().join(", ")];
  for (const literal of literals) expect(literal).toMatch(/^[ -~]*$/);
  const printed = await runScala(`
object Main {
  def job: String = "job"
  def main(arguments: Array[String]): Unit = {
${statement("schema", apply("identity", { groups: schema }), "    ")}
    Seq(job, ${literals.join(",\n")}, schema).foreach(text => println(text.map(_.toInt).mkString(" ")))
  }
}
`);
  const values = printed.trimEnd().split("\n").slice(1);
  const unitsOf = (text: string): string =>
    Array.from({ length: text.length }, (_, index) => text.charCodeAt(index)).join(" ");
  expect(values).toEqual(texts.map(unitsOf));
}, 600_000);
