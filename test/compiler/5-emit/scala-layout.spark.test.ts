import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  apply,
  call,
  chain,
  type Expression,
  named,
  statement,
} from "../../../src/compiler/5-emit/scala/scala-code.js";
import { makeRandom } from "../../beam-pickle/random.js";
import { makeColumns } from "../support/random-columns.js";
import { checkScalaLayout } from "../support/scala-code.js";

const random = makeRandom(2_026);
const indent = "    ";

function name(): string {
  return "abcdefghijKlmnopqrstUvwxyzAbcdefghijKlm".slice(0, 1 + random(39));
}

const { columns, schemaGroups } = makeColumns(random, name);

function rows(): ReturnType<typeof chain> | string {
  return random(2) === 0 ? name() : chain("job", call("output", name(), String(random(12)), ...columns()));
}

function selected(): ReturnType<typeof chain> | string {
  const constant = ['lit(-9223372036854775L).as("timestamp")', 'expr("X\'0f\'").as("pane")'];
  return random(2) === 0 ? rows() : chain(rows(), call("select", ...columns(), ...constant.slice(random(3))));
}

function stage(): Expression {
  const sides = apply("Seq", ...Array.from({ length: 1 + random(6) }, name));
  const schema = named("schema", { groups: schemaGroups() });
  const words = random(2) === 0 ? [schema] : [schema, named("sideInputs", sides)];
  return chain("job", call("stage", `"s01_${name()}"`, ...words));
}

/** The expressions that templates make, with names and columns of any width. */
const kinds: readonly (() => Expression)[] = [
  () => chain("job", call("readText", `"/${"long/".repeat(random(25))}"`)),
  () =>
    chain(
      rows(),
      call("repartition", ...columns().map((column) => `col(${column})`)),
      call("sortWithinPartitions", ...columns()),
    ),
  () => chain(rows(), call("groupBy", ...columns()), call("agg", 'sum("value").as("value")')),
  () =>
    chain(
      rows(),
      call("groupBy", ...columns()),
      call(
        "agg",
        'struct(exactSum("value").as("total"), count(lit(1)).as("count")).as("value")',
        'max("timestamp").as("timestamp")',
      ),
      call("select", ...columns()),
    ),
  () => chain(rows(), call("transform", stage())),
  () => chain("job", call("sideInput", rows(), named("node", String(random(100))))),
  () => chain("job", call("spread", rows())),
  () => chain("job", call("empty", { groups: schemaGroups() })),
  () => chain(selected(), ...Array.from({ length: 1 + random(4) }, () => call("union", selected()))),
  () => selected(),
];

function anyStatement(): string {
  const value = kinds[random(kinds.length)]!();
  if (random(3) > 0) return statement(name(), value, indent);
  return statement(
    random(2) === 0 ? name() : null,
    chain("job", call("persist", value, named("node", "12"))),
    indent,
  );
}

test("statements are laid out as scalafmt leaves them", () => {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-layout-"));
  const files = Array.from({ length: 4 }, (_, file) => {
    const statements = Array.from({ length: 100 }, anyStatement);
    const code = `object Job {\n\n  def build(): Unit = {\n${statements.join("\n")}\n  }\n}\n`;
    const path = join(folder, `Job${file}.scala`);
    writeFileSync(path, code);
    return path;
  });
  expect(checkScalaLayout(files)).toBe("");
  rmSync(folder, { recursive: true });
}, 600_000);
