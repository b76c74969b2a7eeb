import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  AnyOfEnvironmentPayload,
  DockerPayload,
  ExternalPayload,
  ProcessPayload,
} from "../../src/beam/protos/types/environment.js";
import { URN } from "../../src/beam/urns.js";
import { WorkerNotStartedError } from "../../src/fnhost/worker-not-started.js";
import type { WorkerContext } from "../../src/workers/worker-context.js";
import type { LenderOptions } from "../../src/workers/worker-lender.js";
import { elfMachine, elfProgram } from "./binaries.js";
import { processesWith, pythonCapabilities, requestOf, startWorkerSetting } from "./worker-setting.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "b2s-start-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeProgram(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return path;
}

function processOf(command: string, more: object = {}) {
  return { urn: URN.environmentProcess, payload: ProcessPayload.encode({ command, ...more }) };
}

function containerOf(containerImage: string) {
  return { urn: URN.environmentDocker, payload: DockerPayload.encode({ containerImage }) };
}

/** Why no worker came, as `code: why`, its output, and what was left behind. */
async function fail(
  environment: Parameters<typeof requestOf>[0],
  { workers = "", context = {}, patience }: FailOptions = {},
): Promise<{ readonly why: string; readonly hint: string; readonly left: readonly string[] }> {
  const setting = await startWorkerSetting(context, patience);
  try {
    await setting.lender.borrow(requestOf(environment, { workers }));
  } catch (error) {
    if (!(error instanceof WorkerNotStartedError)) throw error;
    const { code, hint = "" } = error.diagnostic;
    return { why: `${code}: ${error.message}`, hint, left: await setting.close() };
  }
  await setting.close();
  throw new Error("it has started");
}

interface FailOptions {
  readonly workers?: string;
  readonly context?: Partial<WorkerContext>;
  readonly patience?: LenderOptions["patience"];
}

test("a worker that ends at once is an error with its exit code and last output", async () => {
  const command = writeProgram("boot", '#!/bin/sh\necho "$@"; pwd >&2; echo "no luck: $LUCK" >&2; exit 3\n');
  const { why, left } = await fail(processOf(command, { env: new Map([["LUCK", "none"]]) }));
  expect(why).toMatch(/^worker\/ended: the worker ended with exit code 3 before it had connected; the end/);
  expect(why).toMatch(/--id=[0-9a-f-]{36} --provision_endpoint=127\.0\.0\.1:\d+ --logging_endpoint=/);
  expect(why).toContain("no luck: none");
  expect(left).toEqual([]);
});

test("a worker that never connects is stopped, with its children, whatever groups they are in", async () => {
  const command = writeProgram(
    "boot",
    "#!/usr/bin/env bash\nset -m\necho waiting\nsleep 1000 &\nwhile :; do sleep 1; done\n",
  );
  const { why, left } = await fail(processOf(command, { env: new Map([["MARK", folder]]) }), {
    patience: { start: 1.5, idle: 60 },
  });
  expect(why).toBe(
    "worker/never-connected: the worker has not connected in 1.5 seconds, and was stopped; " +
      "the end of its output:\nwaiting",
  );
  expect(left).toEqual([]);
  expect(processesWith(`MARK=${folder}`)).toEqual([]);
}, 180_000);

test("a program for another machine is not tried", async () => {
  const command = writeProgram("worker", elfProgram(elfMachine.s390x));
  expect((await fail(processOf(command))).why).toContain("worker/wrong-machine: ");
  expect((await fail(processOf("/bin/sh", { os: "plan9" }))).why).toContain(
    "/bin/sh is a program for plan9,",
  );
});

test("a command that is not there is an error", async () => {
  const { why } = await fail(processOf("no-such-program"));
  expect(why).toBe("worker/not-started: the worker can't be started: no program no-such-program is here");
  expect((await fail(processOf(""))).why).toContain("worker/environment-unreadable");
});

test("without docker a container is an error that names what else there is", async () => {
  const environment = containerOf("example/custom:1");
  const { why, hint } = await fail(environment, { context: { docker: "no-such-docker" } });
  expect(why).toBe(
    "worker/docker-missing: the container example/custom:1 can't be started: there is no no-such-docker command",
  );
  expect(hint).toContain("spark.beam2spark.workers=process");
  expect(hint).toContain("worker pool");
});

test("so is a docker without its engine, and one that does not start the container", async () => {
  const environment = containerOf("example/custom:1");
  const asleep = writeProgram("asleep", "#!/bin/sh\necho 'Cannot connect to the daemon' >&2; exit 1\n");
  expect((await fail(environment, { context: { docker: asleep } })).why).toContain(
    "worker/docker-missing: the container example/custom:1 can't be started: Cannot connect to the daemon",
  );
  const hung = writeProgram("hung", "#!/bin/sh\nsleep 60\n");
  expect((await fail(environment, { context: { docker: hung, enginePatience: 200 } })).why).toContain(
    "can't be started: docker version has not answered",
  );
  const calls = join(folder, "calls");
  const docker = writeProgram(
    "docker",
    `#!/bin/sh\necho "$@" >> ${calls}\n[ "$1" != run ] || { echo "no such image" >&2; exit 125; }\n`,
  );
  const { why, left } = await fail(environment, { context: { docker } });
  const [version, run, remove] = readFileSync(calls, "utf8").split("\n");
  expect(version).toMatch(/^version /);
  const [, name] =
    /^run --rm --init --network=host --name=(beam2spark-[0-9a-f-]{36}) example\/custom:1 --id=/.exec(run!)!;
  expect(remove).toBe(`rm --force ${name}`);
  expect(why).toBe(
    "worker/ended: the worker ended with exit code 125 before it had connected; the end of its output:\nno such image",
  );
  expect(left).toEqual([]);
});

test("a container of Beam's own holds nothing of the user's, unless docker is asked for", async () => {
  const environment = {
    ...containerOf("apache/beam_python3.11_sdk:2.77.0"),
    capabilities: pythonCapabilities,
  };
  const python = writeProgram("python", "#!/bin/sh\necho in process; exit 7\n");
  const context = { python, docker: "no-such-docker" };
  expect((await fail(environment, { context })).why).toContain("worker/ended");
  expect((await fail(environment, { context, workers: "docker" })).why).toContain("worker/docker-missing");
  const custom = containerOf("example/custom:1");
  expect((await fail(custom, { context, workers: "process" })).why).toContain("worker/boot-missing");
});

test("whichever of several environments starts is taken, and the first one's error is told", async () => {
  const anyOf = (...environments: readonly object[]) => ({
    urn: URN.environmentAnyOf,
    payload: AnyOfEnvironmentPayload.encode({ environments }),
  });
  const command = writeProgram("boot", "#!/bin/sh\necho taken; exit 5\n");
  const context = { docker: "no-such-docker" };
  const custom = containerOf("example/custom:1");
  expect((await fail(anyOf(custom, processOf(command)), { context })).why).toContain("exit code 5");
  expect((await fail(anyOf(custom, processOf("nothing")), { context })).why).toContain(
    "worker/docker-missing",
  );
  expect((await fail(anyOf())).why).toContain("worker/environment-unreadable");
});

test("a pool that is not there, and a choice or an environment that nobody knows, are errors", async () => {
  const external = {
    urn: URN.environmentExternal,
    payload: ExternalPayload.encode({ endpoint: { url: "127.0.0.1:9" } }),
  };
  expect((await fail(external)).why).toContain(
    "worker/pool-unreachable: the worker pool at 127.0.0.1:9 can't",
  );
  expect((await fail(external, { workers: "somehow" })).why).toContain(
    "worker/choice-unknown: somehow is no way",
  );
  expect((await fail({ urn: "beam:env:other:v1" })).why).toContain("worker/environment-unknown");
});

test("a Go worker needs its binary", async () => {
  const capabilities = ["beam:version:sdk_base:go:apache/beam_go_sdk:2.77.0"];
  const environment = { ...containerOf("apache/beam_go_sdk:2.77.0"), capabilities };
  expect((await fail(environment)).why).toContain("worker/no-binary");
});
