/** A defect of beam2spark itself, never of the user's pipeline. Names the transform at which it showed. */
export class InvariantError extends Error {
  constructor(transform: string, message: string) {
    super(`internal error at ${transform}: ${message}`);
    this.name = "InvariantError";
  }
}

/** Throws an InvariantError unless `condition` holds. `transform` is the id or name of the transform concerned. */
export function invariant(condition: unknown, transform: string, message: string): asserts condition {
  if (!condition) throw new InvariantError(transform, message);
}
