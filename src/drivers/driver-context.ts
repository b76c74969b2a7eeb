import type { LaunchEnvironment } from "../launcher/launch-environment.js";
import type { DriverEndedError } from "./driver.js";
import type { DriverConfiguration } from "./driver-configuration.js";
import type { DriverProcess } from "./start-driver.js";

/** What all drivers of a service have in common. */
export interface DriverContext {
  readonly launch: LaunchEnvironment;
  readonly environment: NodeJS.ProcessEnv;
  /** What is set of Spark, lowest first, as `--conf KEY=VALUE` and other options of `spark-submit`. */
  readonly sparkWords: readonly string[];
  /** The names of all settings in it. */
  readonly settings: ReadonlySet<string>;
  readonly program: DriverProgram;
  /** Folders whose modules the user's functions import, for workers on this machine. */
  readonly moduleFolders: readonly string[];
  /** Where each driver gets a folder. */
  readonly folder: string;
  /** Hears of drivers that end although nobody asked them to. */
  readonly onLost: (error: DriverEndedError) => void;
}

/** The program that drivers are: one for each target. */
export interface DriverProgram {
  /** Folders that the driver's own Python imports from, if it has one. */
  readonly modules: readonly string[];
  /** What to start. Errors: a PreparationError; the signal's reason where it is aborted. */
  prepare(request: ProgramRequest): Promise<Pick<DriverProcess, "command" | "environment" | "channel">>;
}

/** What a program is started for. */
export interface ProgramRequest {
  readonly configuration: DriverConfiguration;
  readonly context: DriverContext;
  /** The variables of a process that starts Spark. */
  readonly environment: NodeJS.ProcessEnv;
  /** The driver's own folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
}
