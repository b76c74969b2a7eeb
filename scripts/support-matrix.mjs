import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { readExpectations } from "./conformance/expectations.mjs";
import { root } from "./paths.mjs";

const matrix = {
  begin: "<!-- support matrix: made by scripts/support-matrix.mjs -->",
  end: "<!-- end of the support matrix -->",
};
const scoreboard = {
  begin: "<!-- scoreboard: made by scripts/support-matrix.mjs -->",
  end: "<!-- end of the scoreboard -->",
};
const conformance = {
  begin: "<!-- conformance: made by scripts/support-matrix.mjs -->",
  end: "<!-- end of conformance -->",
};

function describeRow({ feature, how, fixtures = [], tests = [], code }) {
  if (code !== undefined) {
    const folder = `fixtures/rejected/${code.replace("/", "-")}`;
    if (!existsSync(join(root, folder))) throw new Error(`${feature}: ${folder} does not exist`);
    return `| ${feature} | refused, by name | [\`${code}\`](${folder}) |`;
  }
  const byFixtures = fixtures.map((fixture) => {
    if (!existsSync(join(root, "fixtures", fixture, "pipeline.pb")))
      throw new Error(`${feature}: no fixture ${fixture}`);
    return `[${fixture}](fixtures/${fixture})`;
  });
  const byTests = tests.map((test) => {
    if (!existsSync(join(root, test))) throw new Error(`${feature}: no test ${test}`);
    return `[${basename(test)}](${test})`;
  });
  return `| ${feature} | ${how} | ${[...byFixtures, ...byTests].join(", ")} |`;
}

const readRows = (file) => JSON.parse(readFileSync(join(root, "scripts", file), "utf8"));

/**
 * What others can do and what is reached here, as a Markdown table: Y where the rows of the matrix that say so all
 * name what tests them, N where there is none such, P between. Throws where a row that it names does not exist.
 */
export function renderScoreboard() {
  const support = new Map(readRows("support.json").map((row) => [row.feature, row]));
  const lines = readRows("scoreboard.json").map(({ feature, others, here, limit }) => {
    const rows = here.map((name) => {
      const row = support.get(name);
      if (row === undefined) throw new Error(`${feature}: the matrix has no row ${name}`);
      return row;
    });
    const tested = rows.filter(({ code }) => code === undefined).length;
    const verdict = tested === 0 ? "N" : tested < rows.length || limit !== undefined ? "P" : "Y";
    const ours = limit === undefined ? verdict : `${verdict} (${limit})`;
    return `| ${feature} | ${others.join(" | ")} | **${ours}** |`;
  });
  return [
    "| | Dataflow | Flink | Spark portable | Spark Structured Streaming (Java) | Prism | beam2spark |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

/** The matrix as a Markdown table. Throws where a row names a fixture or a test that does not exist. */
export function renderMatrix() {
  const rows = readRows("support.json");
  return ["| Beam | here | tested by |", "| --- | --- | --- |", ...rows.map(describeRow)].join("\n");
}

/** What Beam's own tests say: how many pass, and the capabilities that the others lack, as Markdown. */
export function renderConformance() {
  const { tests, notPassing, notCounted } = readExpectations("in-process");
  // The examples are no tests of Beam's.
  const all = tests.class + tests.marked + tests.go;
  const others = notPassing.reduce((sum, entry) => sum + entry.tests.length, 0);
  const listed = new Set(notPassing.flatMap((entry) => entry.tests));
  const uncounted = notCounted.filter((name) => !listed.has(name)).length;
  return [
    `${all - others - uncounted} of Beam's ${all} tests pass with their assertions counted, and ${uncounted} more that have`,
    "no assertion to count: they say only that the job ended well. The others:",
    "",
    "| Beam | tests | why |",
    "| --- | --- | --- |",
    ...notPassing.map(({ capability, why, tests: { length } }) => `| ${capability} | ${length} | ${why} |`),
  ].join("\n");
}

function replaceSection(text, { begin, end }, content) {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`README.md has no place for what ${begin} begins`);
  return `${before}${begin}\n${content}\n${end}${after}`;
}

/** The README with what is made from lists made anew. */
export function renderReadme() {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const sections = [
    [scoreboard, renderScoreboard()],
    [matrix, renderMatrix()],
    [conformance, renderConformance()],
  ];
  return sections.reduce((text, [place, content]) => replaceSection(text, place, content), readme);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(join(root, "README.md"), renderReadme());
}
