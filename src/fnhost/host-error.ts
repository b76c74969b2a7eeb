/** What a HostError says. */
export interface HostFailure {
  /** The code of a diagnostic. */
  readonly code: string;
  readonly message: string;
  /** The full name of the transform, or empty where there is none. */
  readonly transform: string;
  /** What to do about it, or empty. */
  readonly hint: string;
}

/** What the host can't do for a stage, and why: the user is shown it as a diagnostic. */
export class HostError extends Error {
  override readonly name = "HostError";
  readonly code: string;
  readonly transform: string;
  readonly hint: string;

  constructor({ code, message, transform, hint }: HostFailure) {
    super(message);
    this.code = code;
    this.transform = transform;
    this.hint = hint;
  }
}
