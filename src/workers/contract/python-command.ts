import { delimiter } from "node:path";
import type { WorkerContext } from "../worker-context.js";
import type { CommandMaker } from "./worker-command.js";

const module = "apache_beam.runners.worker.sdk_worker_main";

/**
 * Beam's Python worker, as its boot program starts it (`sdks/python/container/boot.go`), with the staged packages at
 * the head of its path. A main session is found among the staged files by the worker itself.
 */
export const makePythonCommand: CommandMaker = async (start, context) => {
  const { order, info } = start;
  const { endpoints, workerId } = order;
  const python = order.python || context.python;
  const packages = await context.packages.install({
    staged: start.staged,
    artifacts: start.artifacts,
    python,
    variables: start.variables,
    onLine: (line) => context.onOutput(workerId, line),
    signal: order.signal,
  });
  const { job_id: jobId = "", job_name: jobName = "" } = Object.fromEntries(info.metadata);
  return {
    command: [python, "-m", module],
    variables: {
      WORKER_ID: workerId,
      SEMI_PERSISTENT_DIRECTORY: start.folder,
      CONTROL_API_SERVICE_DESCRIPTOR: describeService(endpoints.control),
      LOGGING_API_SERVICE_DESCRIPTOR: describeService(endpoints.logging),
      JOB_ID: jobId,
      JOB_NAME: jobName,
      // What waits in a buffer is lost with a worker that is killed.
      PYTHONUNBUFFERED: "1",
      ...pythonPath(packages, order.pythonPath, context),
    },
    // What was installed for it may be another Beam.
    ...(packages === null ? { forked: { python, module } } : {}),
  };
};

function pythonPath(
  packages: string | null,
  given: readonly string[],
  { variables }: WorkerContext,
): Record<string, string> {
  const places = given.length > 0 ? given : [variables.PYTHONPATH ?? ""];
  const path = [packages ?? "", ...places].filter((place) => place !== "").join(delimiter);
  return path === "" ? {} : { PYTHONPATH: path };
}

/** An ApiServiceDescriptor in protobuf's text form, whose strings are quoted as JSON's are. */
function describeService(url: string): string {
  return `url: ${JSON.stringify(url)}`;
}
