import { makeTemporaryFolder } from "../machine/temporary-folder.js";
import { type ClientSdk, clientDialects } from "./client-dialect.js";
import { type JobServer, startJobServer } from "./job-server.js";
import type { JobHandler } from "./job-service.js";
import { type Program, type ProgramEnd, runProgram } from "./program.js";

/** A Beam program, and what its pipelines are handed to. */
export interface ProgramSubmission {
  readonly program: Program;
  readonly sdk: ClientSdk;
  readonly environment: NodeJS.ProcessEnv;
  /** Given the folder that artifacts are staged into. */
  readonly createHandler: (artifactFolder: () => string) => JobHandler;
}

/** What has come of a program: its end, and the server that it submitted to, which still has its jobs. */
export interface SubmittedProgram {
  readonly end: ProgramEnd;
  readonly server: JobServer;
}

/**
 * Runs a Beam program, unchanged, against a Job service of our own that ends with it.
 *
 * In: also what to do with the jobs once the program has ended; the artifacts are gone when that has been done.
 * Out: what it gives.
 */
export async function submitProgram<T>(
  { program, sdk, environment, createHandler }: ProgramSubmission,
  conclude: (submitted: SubmittedProgram) => Promise<T>,
): Promise<T> {
  const dialect = clientDialects[sdk];
  const folder = makeTemporaryFolder("beam2spark-jobs-");
  let server: JobServer | undefined;
  try {
    server = await startJobServer({
      folder: folder.path,
      handler: createHandler(() => server?.artifactFolder ?? ""),
      ...(dialect.dialsSockets ? {} : { listen: { host: "127.0.0.1", jobPort: 0, artifactPort: 0 } }),
    });
    const words = [...program.arguments, ...dialect.argumentsFor(server.endpoint)];
    const end = await runProgram({ ...program, arguments: words }, withoutProxy(environment));
    return await conclude({ end, server });
  } finally {
    await server?.close();
    folder.remove();
  }
}

// A proxy would be asked for our loopback address too.
function withoutProxy(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const add = (list: string | undefined): string =>
    [list, "localhost", "127.0.0.1"].filter(Boolean).join(",");
  return { ...environment, no_proxy: add(environment.no_proxy), NO_PROXY: add(environment.NO_PROXY) };
}
