import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.mjs";
import { runScript } from "./setup/run-script.mjs";

const dist = join(root, "dist");
// Bundled CommonJS packages call require(), which an ES module has to make for itself.
const requireForCommonJs =
  'import { createRequire as createBundleRequire } from "node:module"; const require = createBundleRequire(import.meta.url);';

function listFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch {
    return [];
  }
}

function isSame(file, content) {
  try {
    return readFileSync(file).equals(content);
  } catch {
    return false;
  }
}

// Only what changed is written, and whole: a command that runs while somebody builds finds all its parts.
function replaceDist(files) {
  const current = new Set(files.map(({ path }) => path));
  for (const { path, contents } of files) {
    const content = Buffer.from(contents);
    if (isSame(path, content)) continue;
    mkdirSync(dirname(path), { recursive: true });
    const partial = `${path}.${process.pid}`;
    writeFileSync(partial, content);
    renameSync(partial, path);
  }
  for (const file of listFiles(dist)) {
    if (!current.has(file)) rmSync(file, { force: true });
  }
}

// The host travels without proto/ and templates/: texts stand in the place of the modules that read their files.
const embeddedTexts = {
  name: "embedded-texts",
  setup(esbuild) {
    esbuild.onLoad({ filter: /[\\/]protos[\\/]proto-files\.ts$/ }, () => {
      const texts = Object.fromEntries(
        listFiles(join(root, "proto")).map((file) => [
          relative(join(root, "proto"), file)
            .replaceAll("\\", "/")
            .replace(/^beam\//, ""),
          readFileSync(file, "utf8"),
        ]),
      );
      const contents = `const texts = ${JSON.stringify(texts)};
export function readProtoFile(name) {
  if (!Object.hasOwn(texts, name)) throw new Error("there is no proto file " + name);
  return texts[name];
}`;
      return { contents, loader: "js" };
    });
    esbuild.onLoad({ filter: /[\\/]fork[\\/]forker-program\.ts$/ }, () => {
      const text = readFileSync(join(root, "templates", "workers", "worker_forker.py"), "utf8");
      return { contents: `export const readForkerProgram = () => ${JSON.stringify(text)};`, loader: "js" };
    });
  },
};

/** Builds dist/: the command line in lazily loaded parts, and the launcher as one file without dependencies. */
export async function build() {
  const { build: bundle } = await import("esbuild");
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    logLevel: "warning",
    legalComments: "none",
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    write: false,
  };
  const commandLine = await bundle({
    ...common,
    entryPoints: { "cli/main": "src/cli/main.ts" },
    chunkNames: "parts/[name]-[hash]",
    splitting: true,
    external: ["ts-morph"],
    banner: { js: requireForCommonJs },
  });
  const launcher = await bundle({ ...common, entryPoints: { "launcher/index": "src/launcher/index.ts" } });
  const host = await bundle({
    ...common,
    entryPoints: { "host/index": "src/host/main.ts" },
    banner: { js: requireForCommonJs },
    minify: true,
    plugins: [embeddedTexts],
  });
  const types = join(root, "src", "launcher", "published", "index.d.mts");
  const launcherTypes = { path: join(dist, "launcher", "index.d.mts"), contents: readFileSync(types) };
  replaceDist([...commandLine.outputFiles, ...launcher.outputFiles, ...host.outputFiles, launcherTypes]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runScript(async () => {
    await build();
    return 0;
  });
}
