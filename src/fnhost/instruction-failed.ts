/** A worker answered a request with an error. `message` is what the SDK says: mostly a traceback. */
export class InstructionFailedError extends Error {
  override readonly name = "InstructionFailedError";
}
