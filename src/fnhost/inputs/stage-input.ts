import type { TimerFamily } from "../bundle.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import type { StateBackend } from "../state-stream.js";

/** The bundles of a task as its input sees them: one at a time is open. */
export interface InputBundles {
  /**
   * Sends encoded windowed values, in a bundle that is opened for them where none is. It waits until there is room.
   *
   * @param count how many they are, where that is known
   */
  send(elements: Uint8Array, count?: number): Promise<void>;
  /** Sends encoded timers that are due, in the same way. */
  fire(family: TimerFamily, timers: Uint8Array): Promise<void>;
  /** Bytes that the open bundle, or else the next, is still to take. */
  readonly room: number;
  /** Whether the open bundle has as much as a bundle should. */
  readonly isFull: boolean;
  /** Ends the open bundle, if there is one, and waits for the worker's response and its last output. */
  end(): Promise<void>;
  /** Runs what functions have put off, until nothing is. */
  runResiduals(): Promise<void>;
  /** Ends the open bundle, if there is one, and asks the worker a question. @returns the data of the answers */
  ask(question: SideBundle, elements: Uint8Array): Promise<readonly Uint8Array[]>;
}

/** A small bundle beside those of the stage: what its worker alone knows of elements. */
export interface SideBundle {
  /** The id of its descriptor. */
  readonly id: string;
  readonly source: string;
  readonly sink: string;
}

/** The `takeTimers` of inputs whose stages have no timers. */
export function refuseTimers(): never {
  throw new Error("a timer of a stage without timers");
}

/**
 * What the rows of a stage are to its worker. An input sends elements as it takes rows, and says where a bundle may
 * end and what follows it.
 */
export interface StageInput {
  /** Takes the next rows. Errors: those of the bundles. */
  process(batch: BatchColumns): Promise<void>;
  /** Sends what waits to be enough for a message: no rows have come for a while. Errors: those of the bundles. */
  flush(): Promise<void>;
  /** Says that no more rows come: what is left is sent, and the last bundle ends. */
  finish(): Promise<void>;
  /** Takes encoded timers that the open bundle has set or cleared. */
  takeTimers(family: TimerFamily, timers: Uint8Array): void;
  /** Answers state requests for what is the input's own; null where it has nothing of the kind. */
  readonly state: StateBackend | null;
  /** Gives back what the input holds beside memory, whatever has happened. */
  close(): void;
}
