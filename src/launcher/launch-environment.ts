/** What a job is started with: checked, and fit for its plan. */
export interface LaunchEnvironment {
  /** Null where nothing needs one. */
  readonly python: string | null;
  readonly javaHome: string;
  readonly sparkHome: string;
  readonly sparkVersion: string;
}

/** What there is to choose from. */
export interface EnvironmentRequest {
  /** The Python asked for, if any. */
  readonly python: string | undefined;
  /** How workers of SDKs start, if somebody has said it. */
  readonly workers: string | undefined;
  /** Its JAVA_HOME, SPARK_HOME, VIRTUAL_ENV and PATH count. */
  readonly environment: NodeJS.ProcessEnv;
  /** The folders whose `.venv` counts when no environment is active, in order. */
  readonly folders: readonly string[];
}
