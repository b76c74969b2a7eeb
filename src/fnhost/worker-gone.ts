/** A worker that was needed is not there any more, or never came. `message` says what is known of its end. */
export class WorkerGoneError extends Error {
  override readonly name: string = "WorkerGoneError";
}
