import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { URN } from "../../src/beam/urns.js";
import type { FetchedArtifact } from "../../src/workers/contract/fetch-artifacts.js";
import { PackageStore } from "../../src/workers/contract/package-store.js";
import type { WorkerContext } from "../../src/workers/worker-context.js";
import { writeZip } from "../1-read/write-zip.js";
import { makeTestContext, processesWith } from "./worker-setting.js";

let context: WorkerContext;
let staged: string;
beforeEach(() => {
  // Nothing here may come from an index.
  context = makeTestContext({ variables: { ...process.env, PIP_NO_INDEX: "1" } });
  staged = join(context.folder, "staged");
  mkdirSync(staged);
});
afterEach(() => rmSync(context.folder, { recursive: true }));

/** Stages a wheel with one module. */
function stageWheel(name: string): FetchedArtifact {
  const info = `${name}-1.0.dist-info`;
  const wheel = writeZip({
    [`${name}.py`]: "answer = 42\n",
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/RECORD`]: "",
  });
  return stageFile(`${name}-1.0-py3-none-any.whl`, wheel);
}

function stageFile(name: string, content: string | Uint8Array, roleUrn = URN.artifactStagingTo as string) {
  writeFileSync(join(staged, name), content);
  return { name, roleUrn, sha256: `sha of ${name}` };
}

function install(artifacts: readonly FetchedArtifact[], store = new PackageStore(context.folder)) {
  const { python, variables } = context;
  return store.install({ staged, artifacts, python, variables, onLine: () => {} });
}

test("staged packages are installed once for all workers with the same files", async () => {
  const store = new PackageStore(context.folder);
  const artifacts = [
    stageFile("extra_packages.txt", "probe_one-1.0-py3-none-any.whl\n"),
    stageWheel("probe_one"),
    stageFile("reqs.txt", "probe-two\n", URN.artifactPipRequirements),
    stageWheel("probe_two"),
  ];
  const installed = await Promise.all([install(artifacts, store), install(artifacts, store)]);
  expect(installed[0]).toBe(installed[1]);
  expect(readdirSync(installed[0]!)).toEqual(expect.arrayContaining(["probe_one.py", "probe_two.py"]));
}, 180_000);

test("what pip refuses is an error, and nothing of it stays", async () => {
  const artifacts = [stageFile("extra_packages.txt", "no.whl\n"), stageFile("no.whl", "no wheel")];
  const before = readdirSync(context.folder);
  const failure = await install(artifacts).catch((error: unknown) => error);
  expect(failure).toMatchObject({ diagnostic: { code: "worker/packages-failed" } });
  expect(String(failure)).toContain(
    "no.whl can't be installed: pip ended with exit code 1; the end of its output",
  );
  expect(readdirSync(context.folder)).toEqual(before);
}, 180_000);

test("a list of packages may name only what is staged", async () => {
  await expect(install([stageFile("extra_packages.txt", "../outside.whl\n")])).rejects.toThrow(
    "no staged file",
  );
  expect(await install([stageFile("data.txt", "")])).toBeNull();
});

test("an installation outlives the worker that has asked for it, and not the store", async () => {
  const store = new PackageStore(context.folder);
  const slow = join(context.folder, "slow");
  writeFileSync(slow, "#!/bin/sh\nwhile :; do sleep 1; done\n", { mode: 0o755 });
  const artifacts = [stageFile("extra_packages.txt", "a.whl\n"), stageFile("a.whl", "")];
  const { variables } = context;
  const asking = new AbortController();
  const wish = { staged, artifacts, python: slow, variables, onLine: () => {}, signal: asking.signal };
  const first = store.install(wish);
  const second = store.install({ ...wish, signal: undefined });
  asking.abort(new Error("given up"));
  await expect(first).rejects.toThrow("given up");
  await expect.poll(() => processesWith(slow)).not.toEqual([]);
  const failed = expect(second).rejects.toThrow();
  await store.close();
  await failed;
  await expect.poll(() => processesWith(slow)).toEqual([]);
}, 180_000);
