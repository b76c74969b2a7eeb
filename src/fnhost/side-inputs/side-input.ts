import type { Layout } from "../../compiler/4-physical/layout.js";
import type { StatePart } from "../state-stream.js";
import type { CoderTree } from "../worker-coders.js";

/**
 * The elements of one side input, by window and key, all in the bytes that workers ask by and read
 * (`beam_fn_api.proto`, StateKey). Large answers come in parts: each has whole elements, and the token of the next.
 */
export interface SideInput {
  /** The elements of a window; none is legal. Errors: an Error for a token that this never gave. */
  elements(window: Uint8Array, token: Uint8Array): StatePart;
  /** The values of a key of a window. */
  values(window: Uint8Array, key: Uint8Array, token: Uint8Array): StatePart;
  /** The distinct keys of a window. */
  keys(window: Uint8Array, token: Uint8Array): StatePart;
  /** Gives back what it holds; nobody asks it any more. */
  close(): void;
}

/** How a stage's functions read a side input. */
export interface SideInputUse {
  /** Whole, window by window. */
  readonly isIterated: boolean;
  /** By key. */
  readonly isLookedUp: boolean;
}

/** What a side input's rows are to workers: their layout, and the coder that workers read its elements with. */
export interface SideInputForm {
  readonly layout: Layout;
  readonly coder: CoderTree;
  /** The coder of its windows. */
  readonly window: CoderTree;
}
