import { afterEach, expect, test } from "vitest";
import { LogMessage } from "../../src/beam/protos/types/link.js";
import { bytesStage, textRows } from "./bytes-stage.js";
import { type FakeSetting, startFakeSetting } from "./fake-setting.js";
import { type Behaviour, echo, type FakeWorker } from "./fake-worker.js";
import type { LinkClient } from "./link-client.js";

const settings: FakeSetting[] = [];
afterEach(() => {
  for (const setting of settings.splice(0)) setting.close();
});

/** A worker that logs which of the process's workers it is, over the last one's stream: the process has one log. */
function logInOneProcess(workers: () => readonly FakeWorker[]): Behaviour {
  return async (asked, worker) => {
    await expect.poll(workers).toHaveLength(2);
    const [first, last] = workers();
    const message = worker === first ? "of the first" : "of the last";
    last!.log({ severity: 3, message, instructionId: asked.request.instructionId });
    // A task waits for what is logged at its end for ten milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await echo("beam2spark_sink_0")(asked, worker);
  };
}

/** Starts a task of one bundle, whose worker is there then. @returns the texts that are logged in it, at its end */
async function startTask(setting: FakeSetting): Promise<{ readonly logged: Promise<readonly string[]> }> {
  const before = setting.workers.length;
  const link: LinkClient = setting.connect();
  link.open(bytesStage());
  link.sendRows(textRows("one"));
  link.endRows();
  await expect.poll(() => setting.workers).toHaveLength(before + 1);
  const logged = link.outcome.then(({ failed, others }) => {
    expect(failed).toBeNull();
    return others.map(({ content }) => LogMessage.decode(content).text);
  });
  return { logged };
}

test("what one worker sends of another's bundle goes to that one's task", async () => {
  const setting = await startFakeSetting(logInOneProcess(() => setting.workers));
  settings.push(setting);
  const first = await startTask(setting);
  const last = await startTask(setting);
  expect(await first.logged).toEqual(["of the first"]);
  expect(await last.logged).toEqual(["of the last"]);
  expect(setting.logged).toEqual([]);
});

test("what a worker sends of another host's task goes to the host's log, and to none of its own tasks", async () => {
  const behave = logInOneProcess(() => settings.flatMap(({ workers }) => workers));
  for (let count = 0; count < 2; count++) {
    settings.push(await startFakeSetting(behave, { tasksName: undefined }));
  }
  const first = await startTask(settings[0]!);
  const last = await startTask(settings[1]!);
  expect(await first.logged).toEqual([]);
  expect(await last.logged).toEqual(["of the last"]);
  expect(settings.map(({ logged }) => logged)).toEqual([[], ["of the first"]]);
});
