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
} as const;

/** Most bytes of one frame. */
const largestFrame = 1 << 30;

export interface Frame {
  readonly kind: number;
  readonly content: Uint8Array;
}

/** Cuts what comes over a socket into frames. */
export class FrameReader {
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** Takes the next bytes. @returns the frames that are whole now. Errors: an Error for a frame over the limit. */
  take(chunk: Uint8Array): readonly Frame[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const frames: Frame[] = [];
    for (;;) {
      if (this.#length < 5) return frames;
      const size = this.#peekLength();
      if (size < 1 || size > largestFrame) throw new Error(`a frame of ${size} bytes`);
      if (this.#length < 4 + size) return frames;
      const frame = this.#shift(4 + size);
      frames.push({ kind: frame[4]!, content: frame.subarray(5) });
    }
  }

  #peekLength(): number {
    const head = this.#chunks[0]!.length >= 4 ? this.#chunks[0]! : this.#merge();
    return new DataView(head.buffer, head.byteOffset).getUint32(0, true);
  }

  #shift(count: number): Uint8Array {
    const whole = this.#chunks[0]!.length >= count ? this.#chunks[0]! : this.#merge();
    const rest = whole.subarray(count);
    if (rest.length > 0) this.#chunks[0] = rest;
    else this.#chunks.shift();
    this.#length -= count;
    return whole.subarray(0, count);
  }

  #merge(): Uint8Array {
    const merged = Buffer.concat(this.#chunks);
    this.#chunks = [merged];
    return merged;
  }
}

/** The bytes of a frame, in parts that are to be written one after the other. */
export function frameParts(kind: number, ...contents: readonly Uint8Array[]): readonly Uint8Array[] {
  const size = contents.reduce((sum, { length }) => sum + length, 1);
  const head = Buffer.alloc(5);
  head.writeUInt32LE(size, 0);
  head.writeUInt8(kind, 4);
  return [head, ...contents];
}
