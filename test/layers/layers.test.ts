import { describe, expect, test } from "vitest";
import { readSourceImports } from "./source-imports.js";

/**
 * What each folder of `src/` may import beside itself (ARCHITECTURE.md). The longest prefix of a path decides; a
 * file that is in none of them fails.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  "package-root.ts": [],
  "beam/": ["package-root.ts"],
  "diagnostics/": [],
  "compiler/1-read/": ["beam/", "diagnostics/"],
  "compiler/2-graph/": ["compiler/1-read/", "beam/", "diagnostics/"],
  "compiler/3-plan/": ["compiler/2-graph/", "compiler/1-read/", "beam/", "diagnostics/"],
  "compiler/4-physical/": [
    "compiler/3-plan/",
    "compiler/2-graph/",
    "compiler/1-read/",
    "beam/",
    "diagnostics/",
  ],
  "compiler/5-emit/": ["compiler/4-physical/", "diagnostics/"],
  "compiler/6-write/": ["compiler/5-emit/source-file.ts", "diagnostics/"],
  "compiler/": ["compiler/", "picture/", "beam/artifact-file-name.ts", "diagnostics/", "package-root.ts"],
  "picture/": ["compiler/4-physical/", "compiler/3-plan/plan.ts", "diagnostics/"],
  "rpc/": ["beam/"],
  "fnhost/": ["rpc/", "compiler/4-physical/layout.ts", "machine/", "beam/", "diagnostics/"],
  "workers/": ["fnhost/", "rpc/", "machine/", "beam/", "diagnostics/", "package-root.ts"],
  "host/": ["workers/", "fnhost/", "rpc/", "machine/", "beam/", "diagnostics/"],
  "machine/": ["diagnostics/"],
  "scala/": ["machine/", "diagnostics/"],
  "launcher/": ["scala/", "machine/", "diagnostics/"],
  "drivers/": ["scala/", "launcher/", "machine/", "diagnostics/"],
  "jobs/": [
    "compiler/",
    "drivers/",
    "launcher/",
    "scala/",
    "machine/",
    "rpc/",
    "beam/",
    "diagnostics/",
    "package-root.ts",
  ],
  "cli/": [
    "compiler/",
    "picture/",
    "jobs/",
    "drivers/",
    "launcher/",
    "workers/",
    "fnhost/",
    "machine/",
    "rpc/",
    "beam/",
    "diagnostics/",
    "package-root.ts",
  ],
};

const sources = readSourceImports();

function layerOf(file: string): string | undefined {
  const prefixes = Object.keys(layers).filter((prefix) => file.startsWith(prefix));
  return prefixes.sort((left, right) => right.length - left.length)[0];
}

test("every import is of a file that exists", () => {
  const files = new Set(sources.map(({ file }) => file));
  const missing = sources.flatMap(({ file, files: imports }) =>
    imports
      .filter((imported) => !files.has(imported) && !imported.endsWith(".mts") && !imported.endsWith(".mjs"))
      .map((imported) => `${file} → ${imported}`),
  );
  expect(missing).toEqual([]);
  expect(sources.length).toBeGreaterThan(150);
});

test("a folder imports only what lies below it", () => {
  const broken: string[] = [];
  for (const { file, files } of sources) {
    const layer = layerOf(file);
    if (layer === undefined) {
      broken.push(`${file} is in no layer`);
      continue;
    }
    for (const imported of files) {
      const own = layerOf(imported) === layer;
      if (!own && !layers[layer]!.some((prefix) => imported.startsWith(prefix)))
        broken.push(`${file} → ${imported}`);
    }
  }
  expect(broken).toEqual([]);
});

test("no file imports itself through others", () => {
  const imports = new Map(sources.map(({ file, files }) => [file, files]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) cycles.push([...path.slice(at), file].join(" → "));
    if (at >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const { file } of sources) visit(file, []);
  expect(cycles).toEqual([]);
});

describe("the compiler is pure", () => {
  /** Files that load or write what the pure phases work upon. */
  const touchesFiles = ["compiler/1-read/load/", "compiler/6-write/", "compiler/load-materials.ts"];
  const pure = sources.filter(
    ({ file }) =>
      /^(compiler|picture|beam|diagnostics)\//.test(file) &&
      !touchesFiles.some((prefix) => file.startsWith(prefix)),
  );

  test("no clock, no random numbers, no environment, no folder of the machine", () => {
    const impure =
      /\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b|\bperformance\.|\bprocess\.|\bglobalThis\b|__dirname|__filename|import\.meta|\b(?:homedir|tmpdir|hostname)\b|\btoLocale|\blocaleCompare\b|\bIntl\b/;
    const found = pure.flatMap(({ file, text }) => {
      // The emitted launcher is a text, and may ask what the compiler may not.
      if (file === "compiler/5-emit/shared/emit-launcher.ts") return [];
      const code = text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
      const match = impure.exec(code);
      return match === null ? [] : [`${file}: ${match[0]}`];
    });
    expect(found).toEqual([]);
    expect(pure.length).toBeGreaterThan(100);
  });

  test("only pure packages, and Node's modules without input and output", () => {
    const allowed = ["node:crypto", "node:zlib", "zod", "zod/mini", "handlebars", "ts-morph", "protobufjs"];
    const exceptions: Readonly<Record<string, readonly string[]>> = {
      // Our own definitions of the Beam model, which are part of the installation.
      "beam/protos/proto-files.ts": ["node:fs", "node:path"],
    };
    const found = pure.flatMap(({ file, packages }) =>
      packages
        .filter((name) => !allowed.includes(name) && !exceptions[file]?.includes(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(found).toEqual([]);
  });

  test("user code is never run: nothing evaluates text or starts a process", () => {
    const running = /\beval\(|\bnew Function\b|\bchild_process\b|\bnode:vm\b|\bworker_threads\b/;
    expect(pure.filter(({ text }) => running.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

test("files are small, kebab-case and not called utils", () => {
  const long = sources.filter(({ text }) => text.split("\n").length > 400).map(({ file }) => file);
  expect(long).toEqual([]);
  const misnamed = sources
    .map(({ file }) => file)
    .filter(
      (file) =>
        !/^([0-9]-)?[a-z0-9-]+(\/[a-z0-9-]+)*(\.d)?\.ts$/.test(file) || /utils?|helpers?|misc/.test(file),
    );
  expect(misnamed).toEqual([]);
});
