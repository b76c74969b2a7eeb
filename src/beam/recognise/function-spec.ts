/** A Beam `FunctionSpec`, as far as a recogniser looks at it. */
export interface FunctionSpec {
  readonly urn: string;
  readonly payload: Uint8Array;
}
