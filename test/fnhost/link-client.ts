import { connect, type Socket } from "node:net";
import { OpenStage, StageDone, StageFailed } from "../../src/beam/protos/types/link.js";
import { type Frame, FrameKind, FrameReader, frameParts } from "../../src/fnhost/link/frames.js";

/** What a task's stage came to. */
export interface StageOutcome {
  readonly done: StageDone | null;
  readonly failed: StageFailed | null;
  /** The Arrow streams of each output, in order. */
  readonly rows: readonly { readonly output: number; readonly stream: Uint8Array }[];
  /** All other frames of the host that say something. */
  readonly others: readonly Frame[];
}

/** A Spark task's end of the link, as a test drives it. */
export class LinkClient {
  readonly #socket: Socket;
  readonly #frames = new FrameReader();
  readonly #rows: { output: number; stream: Uint8Array }[] = [];
  readonly #others: Frame[] = [];
  #done: StageDone | null = null;
  #failed: StageFailed | null = null;
  /** What the stage came to, once the host has closed the connection. */
  readonly outcome: Promise<StageOutcome>;
  /** Is told of every frame as it comes. */
  onFrame: (frame: Frame) => void = () => {};

  constructor(path: string) {
    const callback = (count: number): boolean => {
      const frame = this.#frames.fill(count);
      if (frame !== null) this.#take(frame);
      return true;
    };
    this.#socket = connect({ path, onread: { buffer: () => this.#frames.room(), callback } });
    this.#socket.on("error", () => {});
    this.outcome = new Promise((resolve) =>
      this.#socket.on("close", () => {
        this.#frames.release();
        resolve({ done: this.#done, failed: this.#failed, rows: this.#rows, others: this.#others });
      }),
    );
  }

  open(stage: Exclude<Parameters<typeof OpenStage.encode>[0], Uint8Array>): void {
    this.send(FrameKind.open, OpenStage.encode({ options: "{}", bundleBytes: 1n << 20n, ...stage }));
  }

  sendRows(stream: Uint8Array): void {
    this.send(FrameKind.rows, stream);
  }

  endRows(): void {
    this.send(FrameKind.end, new Uint8Array(0));
  }

  send(kind: number, content: Uint8Array): void {
    for (const part of frameParts(kind, content)) this.#socket.write(part);
  }

  /** Cuts the connection. */
  cut(): void {
    this.#socket.destroy();
  }

  #take(frame: Frame): void {
    const { kind, content } = frame;
    if (kind === FrameKind.rows) this.#rows.push({ output: content[0]!, stream: content.slice(1) });
    else if (kind === FrameKind.done) this.#done = StageDone.decode(content);
    else if (kind === FrameKind.failed) this.#failed = StageFailed.decode(content);
    else if (kind !== FrameKind.alive) this.#others.push(frame);
    this.onFrame(frame);
  }
}
