import { allocateUnfilled } from "../../rpc/allocate-unfilled.js";
import { giveBack, takeLoopMemory } from "../bytes/blocks.js";

/**
 * What goes over the link between a Spark task and the host: frames of a length (32 bits, the lowest byte first, of
 * what follows it), a kind (one byte) and a content.
 */
export const FrameKind = {
  /** From the task, first: an OpenStage of proto/beam2spark/link.proto. */
  open: 1,
  /** Rows. From the task: an Arrow stream. From the host: the number of the output (one byte) and an Arrow stream. */
  rows: 2,
  /** From the task: no more rows come. */
  end: 3,
  /** From the host, last: a StageDone. */
  done: 4,
  /** From the host, last: a StageFailed. */
  failed: 5,
  /** From the host, where the stage has side inputs: a SideInputWanted for each that it does not have. */
  wanted: 6,
  /** From the host, where the stage has side inputs: all of them are there, and rows may come. */
  ready: 7,
  /** From the task: the rows of the side input that was wanted, an Arrow stream. */
  sideInputRows: 8,
  /** From the task: a SideInputFiles, where they are too many to be sent. */
  sideInputFiles: 9,
  /** From the host: a LogMessage. */
  log: 10,
  /** From the host, every few seconds: nothing. Writing it shows whether the task is still there. */
  alive: 11,
  /** From the task, after the OpenStage: a SharedMemory, where it has some. */
  sharedMemory: 12,
  /**
   * Rows that lie in that memory: their place (`SharedRows`). From the host: the number of the output (one byte) and
   * the place.
   */
  sharedRows: 13,
  /** From the driver, alone on its connection: the name of a job that is over, in UTF-8. The connection then ends. */
  endJob: 16,
} as const;

/** Most bytes of one frame. */
const largestFrame = 1 << 30;

export interface Frame {
  readonly kind: number;
  readonly content: Uint8Array;
}

/** Bytes before a frame's content. */
const headBytes = 5;

/** The contents of frames of rows with no more bytes take turns in the same memory. */
const reusedBytes = 4 << 20;

/**
 * Puts what comes over a socket where it belongs, and says when a frame is whole. Each content begins where Arrow
 * wants its columns to: at an address that can be divided by eight.
 */
export class FrameReader {
  readonly #head = Buffer.alloc(headBytes);
  #headLength = 0;
  #content: Uint8Array | null = null;
  #contentLength = 0;
  #reused: Uint8Array = new Uint8Array(0);

  /** Where the next bytes are to be written to; never nothing. */
  room(): Uint8Array {
    return this.#content === null
      ? this.#head.subarray(this.#headLength)
      : this.#content.subarray(this.#contentLength);
  }

  /**
   * Says that so many bytes were written to the room.
   *
   * @returns the frame that is whole now. The content of one with rows is there until the next room is asked for
   *   whose frame has rows. Errors: an Error for a frame over the limit.
   */
  fill(count: number): Frame | null {
    if (this.#content === null) {
      this.#headLength += count;
      if (this.#headLength < headBytes) return null;
      this.#content = this.#allocate();
      this.#contentLength = 0;
    } else this.#contentLength += count;
    const content = this.#content;
    if (this.#contentLength < content.length) return null;
    this.#content = null;
    this.#headLength = 0;
    return { kind: this.#head[4]!, content };
  }

  /** Memory for rows that come another way; they count as the content of a frame with rows. */
  roomForRows(count: number): Uint8Array {
    if (this.#reused.length < count) {
      giveBack(this.#reused);
      this.#reused = takeLoopMemory(count);
    }
    return this.#reused.subarray(0, count);
  }

  /** Gives its memory back: nobody looks at what has come any more. */
  release(): void {
    giveBack(this.#reused);
    this.#reused = new Uint8Array(0);
  }

  #allocate(): Uint8Array {
    const size = this.#head.readUInt32LE(0);
    if (size < 1 || size > largestFrame) throw new Error(`a frame of ${size} bytes`);
    const count = size - 1;
    if (this.#head[4] !== FrameKind.rows || count > reusedBytes) return allocateUnfilled(count);
    return this.roomForRows(count);
  }
}

/** The bytes of a frame, in parts that are to be written one after the other. */
export function frameParts(kind: number, ...contents: readonly Uint8Array[]): readonly Uint8Array[] {
  const size = contents.reduce((sum, { length }) => sum + length, 1);
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(size, 0);
  head.writeUInt8(kind, 4);
  return [head, ...contents];
}
