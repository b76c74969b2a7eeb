import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  ArtifactFilePayload,
  ArtifactInformation,
  ArtifactStagingToRolePayload,
  EmbeddedFilePayload,
} from "../../src/beam/protos/types/environment.js";
import { URN } from "../../src/beam/urns.js";
import { type FnHost, startHost } from "../../src/fnhost/start-host.js";
import { Worker } from "../../src/fnhost/worker.js";
import type { WorkerNotStartedError } from "../../src/fnhost/worker-not-started.js";
import { openClient } from "../../src/rpc/call-service.js";
import { ArtifactLocator } from "../../src/workers/artifact-locator.js";
import { ArtifactStore } from "../../src/workers/contract/artifact-store.js";
import { type FetchedArtifact, fetchArtifacts } from "../../src/workers/contract/fetch-artifacts.js";
import { workerHeader } from "../../src/workers/contract/fetch-provision.js";

let folder: string;
let host: FnHost;
let number = 0;
beforeAll(async () => {
  host = await startHost({ onLog: () => {} });
  folder = mkdtempSync(join(tmpdir(), "b2s-artifacts-"));
});
afterAll(() => {
  host.close();
  rmSync(folder, { recursive: true });
});
let project: string;
let target: string;
beforeEach(() => {
  project = join(folder, `project-${++number}`);
  target = join(folder, `target-${number}`);
  mkdirSync(project);
  mkdirSync(target);
});

function artifact(stagedName: string | null, sha256 = "", roleUrn: string = URN.artifactStagingTo) {
  return ArtifactInformation.decode(
    ArtifactInformation.encode({
      typeUrn: URN.artifactFile,
      typePayload: ArtifactFilePayload.encode({ path: "/somewhere/else", sha256 }),
      roleUrn,
      rolePayload:
        stagedName === null ? new Uint8Array() : ArtifactStagingToRolePayload.encode({ stagedName }),
    }),
  );
}

const hashOf = (content: string): string => createHash("sha256").update(content).digest("hex");

/** The code of what a promise fails with. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason);
  return (error as WorkerNotStartedError).diagnostic.code;
}

/** Fetches as a worker whose environment has the artifacts. */
async function fetchAs(
  worker: Worker,
  dependencies: readonly ArtifactInformation[],
  limits = { artifact: 10_000_000, job: 10_000_000 },
): Promise<readonly FetchedArtifact[]> {
  const client = openClient(host.endpoint);
  try {
    return await fetchArtifacts({
      client,
      metadata: workerHeader(worker.id),
      dependencies,
      folder: target,
      store: new ArtifactStore(`${target}-store`),
      limits,
    });
  } finally {
    client.close();
  }
}

async function addWorker(dependencies: readonly ArtifactInformation[]): Promise<Worker> {
  const artifacts = await new ArtifactLocator().locate(dependencies, project, true);
  const worker = new Worker(`worker-${++number}`, { artifacts });
  host.workers.add(worker);
  return worker;
}

const told = (worker: Worker): readonly ArtifactInformation[] =>
  worker.facts.artifacts!.map(({ information }) => information);

test("a worker gets its environment's files under their names", async () => {
  const large = "x".repeat(5 * 2 ** 20);
  writeFileSync(join(project, "large.whl"), large);
  mkdirSync(join(project, "data"));
  writeFileSync(join(project, "data", "small.txt"), "small");
  writeFileSync(join(project, "go_worker_binary"), "binary");
  const embedded = {
    typeUrn: URN.artifactEmbedded,
    typePayload: EmbeddedFilePayload.encode({ data: Buffer.from("inside") }),
    roleUrn: URN.artifactStagingTo,
    rolePayload: ArtifactStagingToRolePayload.encode({ stagedName: "embedded.txt" }),
    unknownFields: [],
  };
  const worker = await addWorker([
    artifact("large.whl", hashOf(large)),
    artifact("data/small.txt"),
    artifact(null, "", URN.artifactGoWorker),
    artifact("submission_environment_dependencies.txt"),
    embedded,
  ]);
  expect(told(worker).some(({ typePayload }) => Buffer.from(typePayload).includes("somewhere"))).toBe(false);
  const fetched = await fetchAs(worker, told(worker));
  const names = ["large.whl", "data/small.txt", "go_worker_binary", "embedded.txt"];
  expect(fetched.map(({ name }) => name)).toEqual(names);
  const texts = names.map((name) => readFileSync(join(target, name), "utf8"));
  expect(texts).toEqual([large, "small", "binary", "inside"]);
});

test("content that is not that of the SHA-256 is refused", async () => {
  writeFileSync(join(project, "a.txt"), "as it was");
  const worker = await addWorker([artifact("a.txt")]);
  writeFileSync(join(project, "a.txt"), "as it is");
  await expect(fetchAs(worker, told(worker))).rejects.toThrow(
    /^the artifact a.txt was not taken: its SHA-256 is [0-9a-f]{16}…, not [0-9a-f]{16}…$/,
  );
});

test("so is one that is longer than the limit, or too much with the others", async () => {
  writeFileSync(join(project, "a.txt"), "123456");
  writeFileSync(join(project, "b.txt"), "123456");
  const worker = await addWorker([artifact("a.txt"), artifact("b.txt")]);
  await expect(fetchAs(worker, told(worker), { artifact: 5, job: 100 })).rejects.toThrow(
    "the artifact a.txt was not taken: it has more than 5 bytes",
  );
  await expect(fetchAs(worker, told(worker), { artifact: 10, job: 10 })).rejects.toThrow(
    "the artifact b.txt was not taken: it has more than 4 bytes",
  );
});

test.each(["../outside", "/etc/passwd", "a/../../b", "a\\b", "a:b", ""])(
  "a name that leaves the folder is refused: %j",
  async (name) => {
    writeFileSync(join(project, "a.txt"), "content");
    const worker = await addWorker([artifact("a.txt")]);
    await expect(fetchAs(worker, [artifact(name)])).rejects.toThrow(
      "no plain path below the worker's folder",
    );
    await expect(new ArtifactLocator().locate([artifact(name)], project, true)).rejects.toThrow(
      "needs the file",
    );
  },
);

test("a worker gets nothing that its environment does not have", async () => {
  writeFileSync(join(project, "a.txt"), "content");
  const worker = await addWorker([artifact("a.txt")]);
  const other = await addWorker([]);
  await expect(fetchAs(other, told(worker))).rejects.toThrow("has no such artifact");
  await expect(fetchAs(worker, [artifact("a.txt")])).rejects.toThrow("has no such artifact");
  await expect(fetchAs(new Worker("unknown", {}), told(worker))).rejects.toThrow("no worker that this host");
});

test("files that are missing or are others than the pipeline's are told", async () => {
  writeFileSync(join(project, "a.txt"), "content");
  const locator = new ArtifactLocator();
  expect(await codeOf(locator.locate([artifact("b.txt")], project, true))).toBe("worker/artifact-missing");
  await expect(locator.locate([artifact("b.txt")], project, true)).rejects.toThrow("needs the file b.txt");
  expect(await locator.locate([artifact("b.txt")], "", false)).toEqual([]);
  const other = artifact("a.txt", hashOf("other"));
  expect(await codeOf(locator.locate([other], project, true))).toBe("worker/artifact-refused");
  await expect(locator.locate([other], project, true)).rejects.toThrow(
    "it is not the file that the pipeline names",
  );
});
