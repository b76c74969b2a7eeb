import { expect, test } from "vitest";
import { call, chain, type Expression, statement } from "../../../src/compiler/5-emit/pyspark/python-code.js";
import { makeRandom } from "../../beam-pickle/random.js";
import { formatPython } from "../support/ask-python.js";
import { makeColumns } from "../support/random-columns.js";

const random = makeRandom(2_026);
const indent = "    ";

function name(): string {
  return "abcdefghij_klmnopqrst_uvwxyz_abcdefghijklm".slice(0, 1 + random(42)).replace(/_$/, "");
}

const { columns, schemaGroups } = makeColumns(random, name);

function rows(): ReturnType<typeof chain> | string {
  return random(2) === 0 ? name() : chain("job", call("output", name(), String(random(12)), ...columns()));
}

function selected(): ReturnType<typeof chain> | string {
  const constant = ['F.expr("-9223372036854775L").alias("timestamp")', 'F.expr("X\'0f\'").alias("pane")'];
  return random(2) === 0 ? rows() : chain(rows(), call("select", ...columns(), ...constant.slice(random(3))));
}

/** The statements that templates make, with names and columns of any width. */
const kinds: readonly (() => string)[] = [
  () =>
    statement(
      name(),
      chain(rows(), call("repartition", ...columns()), call("sortWithinPartitions", ...columns())),
      indent,
    ),
  () =>
    statement(
      name(),
      chain(rows(), call("groupBy", ...columns()), call("agg", 'F.sum("value").alias("value")')),
      indent,
    ),
  () =>
    statement(
      name(),
      chain(
        rows(),
        call("groupBy", ...columns()),
        call(
          "agg",
          'F.struct(exact_sum("value").alias("total"), F.count("*").alias("count")).alias("value")',
        ),
      ),
      indent,
    ),
  () => statement(name(), chain(rows(), call("mapInArrow", "stage.process", "stage.schema")), indent),
  () => statement(name(), chain("job", call("side_input", rows(), `node=${random(100)}`)), indent),
  () => statement(name(), chain("job", call("spread", rows())), indent),
  () => statement(name(), chain("job", call("persist", name(), `node=${random(100)}`)), indent),
  () => statement(null, chain("job", call("run", name(), `node=${random(100)}`)), indent),
  () => {
    const sides: Expression = { prefix: "side_inputs=", items: Array.from({ length: 1 + random(6) }, name) };
    const schema: Expression = { prefix: "schema=", groups: schemaGroups() };
    const words = random(2) === 0 ? [schema] : [schema, sides];
    return statement("stage", chain("job", call("stage", `"s01_${name()}"`, ...words)), indent);
  },
  () => {
    const others = Array.from({ length: random(5) }, () => call("union", selected()));
    const first = selected();
    return statement(name(), others.length === 0 ? first : chain(first, ...others), indent);
  },
];

test("statements are laid out as Python's formatter leaves them", () => {
  for (let round = 0; round < 20; round++) {
    const statements = Array.from({ length: 150 }, () => kinds[random(kinds.length)]!());
    const code = `def build(job):\n${statements.join("\n")}\n`;
    expect(formatPython(code)).toBe(code);
  }
});
