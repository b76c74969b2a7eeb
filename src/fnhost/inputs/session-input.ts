import { ByteWriter } from "../bytes/byte-writer.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import { int64sOf } from "../columns/column-data.js";
import { writeInterval } from "../columns/encode-elements.js";
import { writeIntervalEnd } from "../columns/last-moments.js";
import type { OpenedStage } from "../open-stages.js";
import type { Grouping } from "../stage-json.js";
import { WindowEnds } from "../windows/window-ends.js";
import { createGroupColumns, onlyFiring } from "./group-columns.js";
import { GroupSender, heldBytes } from "./group-sender.js";
import { OwnTime } from "./own-times.js";
import { RunFinder } from "./run-finder.js";
import { type InputBundles, refuseTimers, type StageInput } from "./stage-input.js";
import { ValueList } from "./value-list.js";
import { ValueSpace } from "./value-space.js";

/** A session as far as its rows have come, in milliseconds; the last of them has the window `lastStart` to `lastEnd`. */
interface Session {
  readonly key: Uint8Array;
  readonly start: bigint;
  end: bigint;
  lastStart: bigint;
  lastEnd: bigint;
  /** Null where its timestamp is its end. */
  readonly time: OwnTime | null;
}

/**
 * Rows that are pairs, those of one key side by side and in the order of their windows' starts: windows of a key that
 * overlap are one session, and each session is one element. It ends where the next start lies beyond every end so far.
 */
export class SessionInput implements StageInput {
  readonly takeTimers = refuseTimers;
  readonly state;
  readonly #stage: OpenedStage;
  readonly #grouping: Grouping;
  readonly #ends: WindowEnds;
  readonly #sender: GroupSender;
  readonly #space = new ValueSpace(heldBytes);
  /** The values of the open session. */
  readonly #values = new ValueList(this.#space);
  readonly #runs = new RunFinder();
  readonly #head = new ByteWriter(256);
  #open: Session | null = null;

  constructor(stage: OpenedStage, grouping: Grouping, bundles: InputBundles, storedGroupBytes: number) {
    this.#stage = stage;
    this.#ends = new WindowEnds(stage);
    this.#grouping = grouping;
    this.#sender = new GroupSender(stage, bundles, storedGroupBytes);
    this.state = this.#sender.state;
  }

  async process(batch: BatchColumns): Promise<void> {
    if (batch.length === 0) return;
    const { key, value, timestamp } = createGroupColumns(this.#stage, batch, this.#ends);
    const starts = int64sOf(batch.columns.get("window_start")!);
    const ends = int64sOf(batch.columns.get("window_end")!);
    let from = 0;
    for (let row = 0; row < batch.length; row++) {
      const start = starts[row]!;
      const end = ends[row]!;
      const isOfNextKey = this.#runs.begins(key, row);
      let session = this.#open;
      if (session === null || isOfNextKey || !takes(session, start, end)) {
        if (session !== null) this.#values.add(value, from, row);
        await this.#close();
        session = this.#begin(start, end);
        from = row;
      }
      session.lastStart = start;
      session.lastEnd = end;
      if (end > session.end) session.end = end;
      session.time?.add(timestamp, row);
    }
    this.#values.add(value, from, batch.length);
  }

  flush(): Promise<void> {
    return this.#sender.flush();
  }

  async finish(): Promise<void> {
    await this.#close();
    await this.#sender.finish();
  }

  close(): void {
    this.#space.close();
  }

  #begin(start: bigint, end: bigint): Session {
    const hasOwnTime = this.#grouping.timestamp !== "end-of-window";
    const session = {
      key: this.#runs.common.slice(),
      start,
      end,
      lastStart: start,
      lastEnd: end,
      time: hasOwnTime ? new OwnTime(this.#grouping) : null,
    };
    this.#open = session;
    return session;
  }

  async #close(): Promise<void> {
    if (this.#open === null) return;
    const { key, start, end, time } = this.#open;
    this.#open = null;
    const head = this.#head;
    const [endLow, endHigh] = halves(end);
    if (time === null) writeIntervalEnd(endLow, endHigh, this.#stage.clock, head);
    else head.bytes(time.bytes);
    head.int32(1);
    writeInterval(...halves(start), endLow, endHigh, head);
    head.byte(onlyFiring);
    head.bytes(key);
    await this.#sender.send(head.take(), [this.#values]);
    this.#values.clear();
    this.#space.clear();
  }
}

/** Whether the next window of the key belongs to a session. Equal windows always do. */
function takes(session: Session, start: bigint, end: bigint): boolean {
  return start < session.end || (start === session.lastStart && end === session.lastEnd);
}

function halves(value: bigint): readonly [low: number, high: number] {
  return [Number(BigInt.asIntN(32, value)), Number(value >> 32n)];
}
