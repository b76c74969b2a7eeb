import { error, warning } from "../define-code.js";

/** What the Job service refuses or remarks on, beside what the compiler says of a pipeline. */
export const serveCodes = {
  "serve/cannot-listen": error<{ reason: string }>({
    why: ({ reason }) => `the service can't listen: ${reason}`,
    hint: "name other ports with --job-port and --artifact-port; 0 is any that is free",
  }),
  "serve/open-to-others": warning<{ host: string }>({
    why: ({ host }) =>
      `whoever reaches ${host} can run programs here with your rights: the service asks nobody who they are`,
    hint: "leave out --job-host to listen on this machine alone, and tunnel to it",
  }),
  "serve/environment-replaced": warning<{ environment: string }>({
    why: ({ environment }) =>
      `functions of the environment ${environment} run in Spark's own Python workers instead, which must be able to import the program's modules`,
    hint: "start the service with --python-path FOLDER for modules beside the program, or stage them as a package",
  }),
  "serve/loopback-remote": error<{ pool: string; master: string }>({
    why: ({ pool, master }) =>
      `its functions are to run in workers of ${pool}, which only this machine reaches, and Spark's executors are at ${master}`,
    hint: "leave out --environment_type=LOOPBACK, or use a local master; for a worker pool beside each executor, name it with --workers HOST:PORT",
  }),
  "serve/master-overruled": warning<{ asked: string; master: string }>({
    why: ({ asked, master }) =>
      `the pipeline asks for the master ${asked}, and the service was given ${master}`,
    hint: "leave the master out of the service's options to let pipelines choose",
  }),
  "serve/driver-not-started": error<{ end: string }>({
    why: ({ end }) => `Spark's driver did not start: it ended with ${end}`,
    hint: "the end of its log above says why",
  }),
  "serve/driver-lost": error<{ end: string }>({
    why: ({ end }) => `Spark's driver ended with ${end} while the job ran, and took it along`,
    hint: "the end of its log is in the output of the service; the next job gets a new driver",
  }),
  "serve/stopped": error({ why: "the service was stopped while the job ran" }),
};
