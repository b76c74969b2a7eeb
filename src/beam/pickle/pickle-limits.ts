/** How much of a pickle is looked at before it counts as unreadable. */
export interface PickleLimits {
  /** Bytes of the payload as it stands in the pipeline, and of the pickle inside. */
  readonly bytes: number;
  readonly operations: number;
  /** Values inside values, as a depth-first walk that enters each value once meets them. */
  readonly depth: number;
  /** Bytes of one integer; Python has no limit, and converting a huge one takes long. */
  readonly integerBytes: number;
}

export const defaultPickleLimits: PickleLimits = {
  bytes: 8 * 1024 * 1024,
  operations: 500_000,
  depth: 500,
  integerBytes: 4096,
};
