/** What a user's function has failed with. */
export interface FunctionFailure {
  /** One line: the kind of error, and what it says. */
  readonly message: string;
  /** The id or the full name of the transform, empty where the SDK doesn't tell. */
  readonly transform: string;
  /** The traceback from where the SDK has called the function, empty where there is none. */
  readonly trace: string;
}
