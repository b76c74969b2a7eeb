import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { LaunchEnvironment } from "./launch-environment.js";

/** What `spark-submit` gets of a project, beside what its user asks for. */
export interface Application {
  /** Its further options, as words. */
  readonly words: readonly string[];
  /** What is added to the user's options that are lists, null for nothing. */
  readonly lists: Readonly<Record<string, string | null>>;
  /** The program. */
  readonly file: string;
  /** The program's first arguments. */
  readonly arguments: readonly string[];
  /** Folders and archives that Python workers on this machine import from. */
  readonly modules: readonly string[];
}

/** What an application is made from. */
export interface ApplicationRequest {
  readonly projectDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly found: LaunchEnvironment;
  /** A folder of ours for what is made. */
  readonly workFolder: string;
  /** Gets what the tools say that make it. */
  readonly logFile: string;
}

/** An application, or why there is none. */
export type PreparedApplication =
  | { readonly ok: true; readonly value: Application }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
