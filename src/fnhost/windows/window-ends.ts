import { URN } from "../../beam/urns.js";
import { ByteReader, MalformedElementError } from "../bytes/byte-reader.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import { hex } from "../bytes/hex.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import { writeWindow } from "../columns/encode-elements.js";
import { type Clock, signBit, writeGlobalEnd, writeIntervalEnd } from "../columns/last-moments.js";
import { passPane } from "../columns/read-panes.js";
import { passWindow } from "../columns/read-windows.js";
import { HostError } from "../host-error.js";
import type { InputBundles } from "../inputs/stage-input.js";
import type { OpenedStage } from "../open-stages.js";

/** So many ends are remembered. */
const mostKnown = 100_000;

/** The last moments of a stage's windows: read off those of Beam's types, and asked its worker for others. */
export class WindowEnds {
  readonly #stage: OpenedStage;
  /** Encoded timestamps by the bytes of windows, of types that only the worker knows. */
  readonly #known = new Map<string, Uint8Array>();

  constructor(stage: OpenedStage) {
    this.#stage = stage;
  }

  /** What decides the last moment before a window's end. */
  get clock(): Clock {
    return this.#stage.clock;
  }

  /** Writes the last moment of a window, given in its coder, as an element's timestamp. */
  write(window: Uint8Array, out: ByteWriter): void {
    switch (this.#stage.source.window.urn) {
      case URN.coderGlobalWindow:
        writeGlobalEnd(this.clock, out);
        return;
      case URN.coderIntervalWindow: {
        const source = new ByteReader(window);
        source.int64();
        writeIntervalEnd(source.low, source.high ^ signBit, this.clock, out);
        return;
      }
      default: {
        const end = this.#stage.windowsTellEnds ? readPrefix(window) : this.#known.get(hex(window));
        if (end === undefined) throw new Error("the end of a window was not asked for");
        out.bytes(end);
      }
    }
  }

  /**
   * Learns the ends of a batch's windows, where only the worker knows them.
   *
   * @returns whether it was asked, which ends the open bundle
   */
  async learnFrom(batch: BatchColumns, bundles: InputBundles): Promise<boolean> {
    const { layouts, source } = this.#stage;
    if (layouts.input.window.kind !== "encoded" || this.#stage.windowsTellEnds) return false;
    const write = writeWindow(layouts.input, source.window, batch);
    const scratch = new ByteWriter(64);
    const windows = new Map<string, Uint8Array>();
    for (let row = 0; row < batch.length; row++) {
      write(row, scratch);
      const window = scratch.take();
      windows.set(hex(window), window);
    }
    return this.learn([...windows.values()], bundles);
  }

  /** Learns the ends of windows, in the same way. Errors: those of bundles, a HostError where the worker can't tell. */
  async learn(windows: readonly Uint8Array[], bundles: InputBundles): Promise<boolean> {
    const { source: edge, windowsTellEnds } = this.#stage;
    if (edge.window.urn !== URN.coderLengthPrefix || windowsTellEnds) return false;
    const unknown = windows.filter((window) => !this.#known.has(hex(window)));
    if (unknown.length === 0) return false;
    const { ends: question, name } = this.#stage;
    if (question === null) {
      const message = "only a worker of Python's SDK can be asked when windows of a user's own type end";
      const hint =
        "use windows of Beam's own types; or a timestamp combiner of the earliest or latest element";
      throw new HostError({ code: "runtime/window-end-unknown", message, transform: name, hint });
    }
    if (this.#known.size > mostKnown) this.#known.clear();
    const answers = await bundles.ask(question, writeNamedWindows(unknown));
    for (const answer of answers) this.#readAnswer(answer, unknown);
    return true;
  }

  #readAnswer(bytes: Uint8Array, windows: readonly Uint8Array[]): void {
    const source = new ByteReader(bytes);
    while (!source.isAtEnd) {
      const end = bytes.slice(source.skip(8), source.position);
      source.skip(4);
      passWindow(this.#stage.source.window, source);
      passPane(source);
      const length = source.length();
      const start = source.skip(length);
      const window = windows[Number(Buffer.from(bytes.subarray(start, start + length)).toString())];
      if (window === undefined)
        throw new MalformedElementError("the end of a window that was not asked about");
      this.#known.set(hex(window), end);
      source.varint64();
    }
  }
}

/** The timestamp that a window's bytes begin with, behind their length. */
function readPrefix(window: Uint8Array): Uint8Array {
  const source = new ByteReader(window);
  source.length();
  return window.subarray(source.skip(8), source.position);
}

/** Windows as elements of the question that `describeEnds` describes; their numbers name them. */
function writeNamedWindows(windows: readonly Uint8Array[]): Uint8Array {
  const out = new ByteWriter();
  windows.forEach((window, number) => {
    out.int64(0, 0);
    out.int32(1);
    out.bytes(window);
    out.byte(0x0f);
    const name = Buffer.from(String(number));
    out.varint32(name.length);
    out.bytes(name);
    out.varint32(0);
  });
  return out.take();
}
