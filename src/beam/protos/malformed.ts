/** Bytes or JSON that are no message of the expected type. `path` is the field at which it showed, "" for the top. */
export class MalformedMessageError extends Error {
  readonly reason: string;
  path = "";

  constructor(reason: string) {
    super(reason);
    this.name = "MalformedMessageError";
    this.reason = reason;
  }

  /** Puts `segment` in front of the path: called by each level that the error passes on its way out. */
  within(segment: string): this {
    this.path =
      this.path === "" || this.path.startsWith("[") ? segment + this.path : `${segment}.${this.path}`;
    this.message = `${this.path}: ${this.reason}`;
    return this;
  }
}

/** Messages inside messages deeper than this are refused, as protobuf libraries do by default. */
export const maximumNesting = 100;
