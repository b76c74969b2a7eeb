import { messageBytes } from "../bytes/blocks.js";
import { MalformedElementError } from "../bytes/byte-reader.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import { hex } from "../bytes/hex.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import type { MetadataWriter } from "../columns/encode-elements.js";
import type { OpenedStage } from "../open-stages.js";
import type { Grouping } from "../stage-json.js";
import { type MergedWindow, readMergedSets, writeWindowSets } from "../windows/merge-windows.js";
import { WindowEnds } from "../windows/window-ends.js";
import { createGroupColumns, type GroupColumns, onlyFiring } from "./group-columns.js";
import { GroupSender, heldBytes } from "./group-sender.js";
import { OwnTime } from "./own-times.js";
import { RunFinder } from "./run-finder.js";
import { type InputBundles, refuseTimers, type SideBundle, type StageInput } from "./stage-input.js";
import { ValueList } from "./value-list.js";
import { ValueSpace } from "./value-space.js";

/** The values of one window of a key, and the timestamp that they make; null where it is the window's end. */
interface WindowRows {
  readonly window: Uint8Array;
  readonly time: OwnTime | null;
  readonly values: ValueList;
}

/** A key with all its windows so far, by their bytes. */
interface KeyRows {
  readonly key: Uint8Array;
  readonly space: ValueSpace;
  readonly windows: Map<string, WindowRows>;
}

/**
 * Rows that are pairs, those of one key side by side, and within a key those of one window. All windows of a key have
 * to be known before its worker can say which of them merge; the values wait meanwhile, in a file where they are many.
 */
export class MergingInput implements StageInput {
  readonly takeTimers = refuseTimers;
  readonly state;
  readonly #stage: OpenedStage;
  readonly #grouping: Grouping;
  readonly #merging: SideBundle;
  readonly #bundles: InputBundles;
  readonly #ends: WindowEnds;
  readonly #sender: GroupSender;
  readonly #keys = new RunFinder();
  readonly #windows = new RunFinder();
  readonly #head = new ByteWriter(256);
  /** Takes the values of one window after the other. */
  readonly #values = new ByteWriter();
  /** The last key of the rows so far, of which more may follow, and those before it that were not merged yet. */
  #open: KeyRows | null = null;
  #waiting: KeyRows[] = [];
  #waitingBytes = 0;
  #isClosed = false;

  constructor(stage: OpenedStage, grouping: Grouping, bundles: InputBundles, storedGroupBytes: number) {
    if (stage.merging === null) throw new Error("a stage whose windows nobody can merge");
    this.#stage = stage;
    this.#ends = new WindowEnds(stage);
    this.#grouping = grouping;
    this.#merging = stage.merging;
    this.#bundles = bundles;
    this.#sender = new GroupSender(stage, bundles, storedGroupBytes);
    this.state = this.#sender.state;
  }

  async process(batch: BatchColumns): Promise<void> {
    if (batch.length === 0) return;
    if (this.#stage.layouts.input.timestamp.kind === "end-of-window")
      await this.#ends.learnFrom(batch, this.#bundles);
    const columns = createGroupColumns(this.#stage, batch, this.#ends);
    const ofWindow: MetadataWriter = (row, out) => {
      columns.key(row, out);
      columns.window(row, out);
    };
    let from = 0;
    let rows: WindowRows | null = null;
    for (let row = 0; row < batch.length; row++) {
      const isNextKey = this.#keys.begins(columns.key, row);
      const isNextWindow = this.#windows.begins(ofWindow, row);
      if (rows === null || isNextKey || isNextWindow) {
        if (rows !== null) addRows(rows, columns, from, row);
        from = row;
        if (isNextKey) await this.#nextKey();
        rows = this.#rowsOf(this.#open!, columns, row);
      }
      rows.time?.add(columns.timestamp, row);
    }
    addRows(rows!, columns, from, batch.length);
  }

  flush(): Promise<void> {
    return this.#sender.flush();
  }

  async finish(): Promise<void> {
    this.#putAside();
    await this.#mergeWaiting();
    await this.#sender.finish();
  }

  close(): void {
    this.#isClosed = true;
    for (const { space } of this.#waiting) space.close();
    this.#open?.space.close();
  }

  async #nextKey(): Promise<void> {
    this.#putAside();
    if (this.#waitingBytes >= messageBytes) await this.#mergeWaiting();
    if (this.#isClosed) throw new Error("the task was given up");
    const space = new ValueSpace(heldBytes);
    this.#open = { key: this.#keys.common.slice(), space, windows: new Map() };
  }

  #putAside(): void {
    if (this.#open === null) return;
    this.#waiting.push(this.#open);
    for (const { values } of this.#open.windows.values()) this.#waitingBytes += values.size;
    this.#open = null;
  }

  #rowsOf({ windows, space }: KeyRows, columns: GroupColumns, row: number): WindowRows {
    columns.window(row, this.#head);
    const window = this.#head.take();
    const id = hex(window);
    const known = windows.get(id);
    if (known !== undefined) return known;
    const hasOwnTime = this.#grouping.timestamp !== "end-of-window";
    const time = hasOwnTime ? new OwnTime(this.#grouping) : null;
    const rows = { window, time, values: new ValueList(space, this.#values) };
    windows.set(id, rows);
    return rows;
  }

  async #mergeWaiting(): Promise<void> {
    const keys = this.#waiting;
    if (keys.length === 0) return;
    await this.#sender.flush();
    const sets = keys.map(({ windows }) => [...windows.values()].map(({ window }) => window));
    const answers = await this.#bundles.ask(this.#merging, writeWindowSets(sets));
    const merged = readMergedSets(answers, this.#stage.source.window, keys.length);
    if (this.#grouping.timestamp === "end-of-window") {
      const windows = merged.flatMap((set) => set.map(({ window }) => window));
      await this.#ends.learn(windows, this.#bundles);
    }
    for (const [number, key] of keys.entries()) {
      for (const window of merged[number]!) await this.#send(key, window);
      key.space.clear();
    }
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  async #send({ key, windows }: KeyRows, { window, members }: MergedWindow): Promise<void> {
    const merged = new Set(members.map(hex));
    // In the order of the rows: a worker's sets have none, and a task that is repeated is to give the same.
    const rows = [...windows].filter(([id]) => merged.has(id)).map(([, one]) => one);
    if (rows.length < merged.size)
      throw new MalformedElementError("a merged window that the key does not have");
    const head = this.#head;
    const time = rows.map((one) => one.time).reduce((first, other) => first?.merge(other!) ?? null);
    if (time === null) this.#ends.write(window, head);
    else head.bytes(time.bytes);
    head.int32(1);
    head.bytes(window);
    head.byte(onlyFiring);
    head.bytes(key);
    await this.#sender.send(
      head.take(),
      rows.map(({ values }) => values),
    );
  }
}

/** A key may have many windows: none of them holds values itself. */
function addRows({ values }: WindowRows, { value }: GroupColumns, start: number, end: number): void {
  values.add(value, start, end);
  values.keep();
}
