/** What to launch, and how. Only the project's folder is needed. */
export interface LaunchOptions {
  readonly projectDirectory: string;
  /** Python of driver and workers; by default the active virtual environment's, else that of `./.venv`. */
  readonly python?: string | undefined;
  /** Options of `spark-submit` as words, such as `["--master", "local[4]"]`; they win over everything else. */
  readonly sparkSubmitArguments?: readonly string[] | undefined;
  /** Folder for results between steps that driver and workers can reach. */
  readonly tempLocation?: string | undefined;
  /** Arguments of the job. */
  readonly jobArguments?: readonly string[] | undefined;
  /** Folders whose modules the user's functions import, for workers on this machine. */
  readonly moduleFolders?: readonly string[] | undefined;
  /** Further folders whose `.venv` counts when no virtual environment is active. */
  readonly environmentFolders?: readonly string[] | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Stops the job as Ctrl-C does. */
  readonly stop?: AbortSignal | undefined;
  /** Takes why the job failed, instead of standard error. */
  readonly onFailure?: ((text: string) => void) | undefined;
  /** Takes the user's metrics at the end, each a `MonitoringInfo` of Beam. */
  readonly onMetrics?: ((infos: readonly Uint8Array[]) => void) | undefined;
}

/** Checks the environment, runs the project with `spark-submit`, and gives the exit status. */
export declare function launchProject(options: LaunchOptions): Promise<number>;

/**
 * The same for the project that a launcher lies in, from the words of its command line: `--python`,
 * `--temp-location`, and the options of `spark-submit`; what follows `--` goes to the job.
 */
export declare function launchFromCommandLine(launcherUrl: string, words: readonly string[]): Promise<number>;
