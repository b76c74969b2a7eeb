import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.mjs";

const begin = "<!-- support matrix: made by scripts/support-matrix.mjs -->";
const end = "<!-- end of the support matrix -->";

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

/** The matrix as a Markdown table. Throws where a row names a fixture or a test that does not exist. */
export function renderMatrix() {
  const rows = JSON.parse(readFileSync(join(root, "scripts", "support.json"), "utf8"));
  return ["| Beam | here | tested by |", "| --- | --- | --- |", ...rows.map(describeRow)].join("\n");
}

/** The README with its matrix made anew. */
export function renderReadme() {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error("README.md has no place for the support matrix");
  return `${before}${begin}\n${renderMatrix()}\n${end}${after}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(join(root, "README.md"), renderReadme());
}
