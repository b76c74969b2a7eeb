import { resolve } from "node:path";
import type { ServiceRequest } from "../jobs/plan-service.js";
import { startService } from "../jobs/start-service.js";
import { exitCodes } from "./exit-codes.js";
import { reportDiagnostics } from "./report.js";
import { waitForSignal } from "./wait-for-signal.js";

/**
 * Runs the Job service until a signal comes, and says on standard output where it is and when it takes jobs. Out:
 * the exit status: 0 after a signal, 1 when it could not start.
 */
export async function serveJobs(request: ServiceRequest): Promise<number> {
  const stopped = waitForSignal();
  const started = await startService(
    {
      ...request,
      artifactFolder: request.artifactFolder && resolve(request.artifactFolder),
      moduleFolders: request.moduleFolders.map((folder) => resolve(folder)),
    },
    (text) => process.stderr.write(text),
  );
  reportDiagnostics(started.ok ? started.warnings : started.diagnostics);
  if (!started.ok) return exitCodes.diagnostics;
  const { endpoint, artifactEndpoint, master, python, ready, close } = started.value;
  process.stdout.write(
    `listening on ${endpoint}, artifacts on ${artifactEndpoint}; starting Spark at ${master}${python === null ? "" : ` with ${python}`}\n`,
  );
  try {
    const first = await Promise.race([ready, stopped]);
    if (first !== null) {
      const shown = first.webUrl === null ? "" : `; Spark shows what it does at ${first.webUrl}`;
      process.stdout.write(`ready for --runner=PortableRunner --job_endpoint=${endpoint}${shown}\n`);
      await stopped;
    }
    return exitCodes.ok;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return exitCodes.diagnostics;
  } finally {
    await close();
  }
}
