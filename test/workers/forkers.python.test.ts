import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isGroupAlive } from "../../src/machine/process-group.js";
import { findPackageRoot } from "../../src/package-root.js";
import { Forkers } from "../../src/workers/fork/forkers.js";
import type { StartedWorker, WorkerEnd } from "../../src/workers/worker-order.js";
import { startWorkerProcess } from "../../src/workers/worker-process.js";
import { parentOf, processesWith, sessionOf } from "./worker-setting.js";

const python = join(findPackageRoot(), ".venv", "bin", "python");
const modules = join(findPackageRoot(), "test", "workers");
const module = "report_surroundings";
const { LC_ALL: _all, LC_CTYPE: _type, ...inherited } = process.env;
// In such a locale Python sets a variable of its own.
const variables = { ...inherited, LANG: "C", PWD: "/somewhere", PYTHONUNBUFFERED: "1" };
let folder: string;
let forkers: Forkers;
let said: string[];
let lines: string[];
beforeAll(() => {
  // Longer than the path of a socket may be.
  folder = join(mkdtempSync(join(tmpdir(), "b2s-forkers-")), "long".repeat(30));
  mkdirSync(folder);
  forkers = new Forkers({ folder, variables, onOutput: (_name, line) => said.push(line) });
});
beforeEach(() => {
  said = [];
  lines = [];
});
afterAll(async () => {
  await forkers.close();
  expect(readdirSync(folder).filter((name) => name.startsWith("forker-"))).toEqual([]);
  rmSync(dirname(folder), { recursive: true });
});

function makeWorker(own: NodeJS.ProcessEnv = {}) {
  const place = join(folder, "worker");
  mkdirSync(join(place, "temporary"), { recursive: true });
  return {
    command: [python, "-m", module],
    variables: {
      ...variables,
      PYTHONPATH: modules,
      TMPDIR: join(place, "temporary"),
      WORKER_ID: "worker-1",
      ...own,
    },
    folder: place,
    orphan: join(folder, "nothing"),
    onLine: (line: string) => void lines.push(line),
    clear: async () => {},
  };
}

/** Forks a worker; null where that is refused. */
function fork(own: NodeJS.ProcessEnv = {}, command = { python, module }): Promise<StartedWorker | null> {
  return forkers.start({ ...command, worker: makeWorker(own) });
}

async function endOf(started: StartedWorker | null): Promise<WorkerEnd> {
  if (started === null) throw new Error(`it was not forked: ${said.join("\n")}`);
  return started.ended;
}

function readReport() {
  const text = readFileSync(join(folder, "worker", "report.json"), "utf8");
  const { surroundings, draws } = JSON.parse(text) as {
    surroundings: { openFiles: readonly number[] };
    draws: readonly unknown[];
  };
  const { openFiles, ...others } = surroundings;
  return { surroundings: others, openFiles, draws };
}

test("a forked worker finds itself in what a plain one does", async () => {
  const own = { PYTHONPATH: [modules, "/nothing/here", modules].join(delimiter), OTHER: "grün" };
  const plain = await startWorkerProcess(makeWorker(own)).ended;
  const { surroundings, openFiles } = readReport();
  const forked = await endOf(await fork(own));
  const report = readReport();
  expect(report.surroundings).toEqual(surroundings);
  expect(openFiles).toEqual(expect.arrayContaining([...report.openFiles]));
  expect(forked).toEqual({ how: "exit code 3", output: "left" });
  expect(forked).toEqual(plain);
});

test("what is random differs from worker to worker", async () => {
  await endOf(await fork());
  const { draws } = readReport();
  await endOf(await fork());
  const others = readReport().draws;
  expect(draws.filter((value, index) => value === others[index])).toEqual([]);
});

test("an error is the end of its output, and its children end with it", async () => {
  const mark = `MARK=${folder}`;
  const { how, output } = await endOf(await fork({ END: "fail", MARK: folder }));
  expect(how).toBe("exit code 1");
  expect(output).toMatch(/^Traceback .*\nRuntimeError: no luck\nleft$/s);
  expect(processesWith(mark)).toEqual([]);
});

test("one that hangs is stopped, and one that is killed is told of", async () => {
  for (const end of ["SIGTERM", "SIGKILL"] as const) {
    lines = [];
    const worker = await fork({ END: "hang", MARK: folder });
    await expect.poll(() => lines).toContain("hangs");
    // Its guard has its variables.
    const [guard] = processesWith(`MARK=${folder}`);
    if (end === "SIGKILL") process.kill(sessionOf(guard!), end);
    else await worker!.stop(false);
    expect((await endOf(worker)).how).toBe(`signal ${end}`);
    expect(processesWith(`MARK=${folder}`)).toEqual([]);
  }
});

test("a place in PYTHONPATH that would change what is imported makes it a plain start", async () => {
  const place = join(folder, "place");
  mkdirSync(place);
  const path = [place, modules].join(delimiter);
  writeFileSync(join(place, "of_the_user.py"), "");
  expect((await endOf(await fork({ PYTHONPATH: path }))).how).toBe("exit code 3");
  for (const name of ["numpy", "sitecustomize", "report_surroundings"]) {
    const other = join(folder, `with-${name}`);
    mkdirSync(other);
    writeFileSync(join(other, `${name}.py`), "");
    expect(await fork({ PYTHONPATH: [other, modules].join(delimiter) })).toBeNull();
  }
  expect(await fork({ PYTHONPATH: `.${delimiter}${modules}` })).toBeNull();
  expect(await fork({ PYTHONHASHSEED: "7" })).toBeNull();
  expect(
    (await endOf(await forkers.start({ python, module: "platform", worker: makeWorker({ PYTHONPATH: "" }) })))
      .how,
  ).toBe("exit code 0");
});

test("what was installed meanwhile makes it another process", async () => {
  const place = join(folder, "installed");
  mkdirSync(place);
  writeFileSync(join(place, "installed_worker.py"), "print('as it was')");
  const own = { PYTHONPATH: place };
  const command = { python, module: "installed_worker" };
  const countForkers = (): number => readdirSync(folder).filter((name) => name.startsWith("forker-")).length;
  const before = countForkers();
  expect((await endOf(await fork(own, command))).output).toBe("as it was");
  writeFileSync(join(place, "installed_worker.py"), "print('as it is now')");
  utimesSync(place, new Date(), new Date(Date.now() + 10_000));
  expect((await endOf(await fork(own, command))).output).toBe("as it is now");
  // The one that was forked from before goes.
  await expect.poll(countForkers).toBe(before + 1);
});

test("workers end with what they were forked from, and the next comes from another one", async () => {
  const worker = await fork({ END: "hang", MARK: folder });
  await expect.poll(() => lines).toContain("hangs");
  const session = sessionOf(processesWith(`MARK=${folder}`)[0]!);
  process.kill(parentOf(session), "SIGKILL");
  expect((await endOf(worker)).how).toBe(
    "the loss of the process that it was forked from, by signal SIGKILL",
  );
  expect(processesWith(`MARK=${folder}`)).toEqual([]);
  expect(isGroupAlive(session)).toBe(false);
  expect((await endOf(await fork())).how).toBe("exit code 3");
});

test("who gives a start up does not wait for it", async () => {
  const place = join(folder, "slow");
  mkdirSync(place);
  writeFileSync(join(place, "slow_worker.py"), "import time; time.sleep(1000)");
  const giveUp = new AbortController();
  const worker = makeWorker({ PYTHONPATH: place });
  const wish = forkers.start({ python, module: "slow_worker", worker, signal: giveUp.signal });
  giveUp.abort(new Error("given up"));
  await expect(wish).rejects.toThrow("given up");
});

test("without what is to be imported, or without a Python, the start is plain", async () => {
  expect(await fork({}, { python, module: "no_such_module" })).toBeNull();
  expect(said.at(-1)).toBe("ModuleNotFoundError: No module named 'no_such_module'");
  expect(await fork({}, { python: "/bin/false", module })).toBeNull();
  expect(await fork({}, { python: "/no/such/python", module })).toBeNull();
});
