import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { createJob } from "../../src/jobs/job.js";
import { createJobHistory } from "../../src/jobs/job-history.js";
import { createJobRunner, type JobRunnerContext } from "../../src/jobs/job-runner.js";

it("takes no job any more when it is being stopped", async () => {
  const context = {
    history: createJobHistory(new Map(), tmpdir()),
    folder: tmpdir(),
    report: () => {},
  };
  // Nothing is judged and nothing run.
  const runner = createJobRunner(context as unknown as JobRunnerContext);
  await runner.cancelAll();
  const job = createJob({ name: "job", pipeline: new Uint8Array(), options: {}, environments: [] });
  await expect(runner.handler.prepare(job)).rejects.toThrow("the service is being stopped");
  expect(() => runner.handler.run(job)).toThrow("the service is being stopped");
});
