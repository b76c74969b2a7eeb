import { error, warning } from "../define-code.js";

const argumentHints = {
  python: "let it parse with parse_known_args() and hand the rest to beam.Pipeline(argv=rest)",
  go: "let it run its pipeline with beamx.Run, which defines Beam's flags, and call flag.Parse() before",
  java: "make its options with PipelineOptionsFactory.fromArgs(args), and have beam-runners-portability-java beside it",
} as const;

/** What capturing a program's pipeline refuses or remarks on. */
export const captureCodes = {
  "capture/program-not-found": error<{ program: string; reason: string }>({
    why: ({ program, reason }) => `${program} can't be started: ${reason}`,
    hint: "give the command as for a shell, after --: beam2spark capture -o FILE -- python program.py",
  }),
  "capture/python-missing": error<{ looked: readonly string[] }>({
    why: ({ looked }) => `no Python was found (looked for ${looked.join(", ")})`,
    hint: "activate the virtual environment that has apache_beam, or name its Python with --python",
  }),
  "capture/arguments-refused": error<{ arguments: string; sdk: "python" | "go" | "java" }>({
    why: ({ arguments: refused }) => `the program does not take Beam's own options: it refused ${refused}`,
    hint: ({ sdk }) => argumentHints[sdk],
  }),
  "capture/no-pipeline": error({
    why: "the program ended without handing over a pipeline",
    hint: "it has to run one, and to make its PipelineOptions from the command line, without a runner of its own",
  }),
  "capture/package-missing": error({
    why: "the program's Python has no apache_beam",
    hint: "activate the virtual environment that has it, or name its Python with --python",
  }),
  "capture/program-failed": error<{ status: string }>({
    why: ({ status }) => `the program ended with ${status} before it had handed over a pipeline`,
    hint: "its own output above says why; it must build its pipeline without the results of running it",
  }),
  "capture/program-failed-afterwards": warning<{ status: string }>({
    why: ({ status }) =>
      `the program ended with ${status} after it had handed over its pipeline, which was kept`,
    hint: "nothing was run yet, so a program that goes on with the pipeline's results does not find them",
  }),
  "capture/several-pipelines": warning<{ files: readonly string[] }>({
    why: ({ files }) => `the program handed over ${files.length} pipelines: ${files.join(", ")}`,
  }),
  "capture/artifact-refused": error<{ reason: string }>({
    why: ({ reason }) => `a file that the pipeline needs was not taken: ${reason}`,
    hint: "see which files the program stages (--setup_file, --extra_package, --files_to_stage, …)",
  }),
  "capture/output-unwritable": error<{ reason: string }>({
    why: ({ reason }) => `the capture can't be written: ${reason}`,
    hint: "name a file in a folder that exists and that you may write to",
  }),
};
