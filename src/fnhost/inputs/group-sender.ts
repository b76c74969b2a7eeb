import type { StateKey } from "../../beam/protos/types/state.js";
import { URN } from "../../beam/urns.js";
import { messageBytes } from "../bytes/blocks.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import { hex } from "../bytes/hex.js";
import { HostError } from "../host-error.js";
import type { OpenedStage } from "../open-stages.js";
import { type AnswerPiece, answerPart, pieceOf } from "../state/answer-parts.js";
import type { StateBackend, StatePart } from "../state-stream.js";
import type { CoderTree } from "../worker-coders.js";
import type { InputBundles } from "./stage-input.js";
import type { ValueList } from "./value-list.js";

/**
 * A group of more bytes is sent by name: its worker asks for the values as it reads them, and holds few at a time.
 * Values that only the SDK can read may be objects, which take far more memory than their bytes.
 */
const namedGroupBytes = 1 << 20;
const namedObjectsBytes = 64 << 10;

/** So many bytes of groups are held in memory: those of one whose end is not known, and those that were sent by name. */
export const heldBytes = 8 << 20;

/** Sends groups: each is a head (its timestamp, window, pane and key), and an iterable of its values. */
export class GroupSender {
  /** What is sent next; whoever writes whole groups to it calls `flushIfFull` after each. */
  readonly out = new ByteWriter(messageBytes);
  /** Most bytes of a group that is sent whole without having been gathered. */
  readonly wholeBytes: number;
  readonly #stage: OpenedStage;
  readonly #bundles: InputBundles;
  readonly #storedGroupBytes: number;
  readonly #named = new Map<string, readonly AnswerPiece[]>();
  #names = 0;
  #namedBytes = 0;

  /** @param storedGroupBytes most bytes of a group for a worker that can't ask for values */
  constructor(stage: OpenedStage, bundles: InputBundles, storedGroupBytes: number) {
    this.#stage = stage;
    this.#bundles = bundles;
    this.#storedGroupBytes = storedGroupBytes;
    const [, values] = stage.source.value.parts;
    const mayBeObjects = values !== undefined && isOpaque(values);
    const namedBytes = mayBeObjects ? namedObjectsBytes : namedGroupBytes;
    this.wholeBytes = stage.asksForValues ? namedBytes : heldBytes;
  }

  /** Sends a group whose values are those of several lists. Errors: those of bundles, HostError for a too large one. */
  async send(head: Uint8Array, lists: readonly ValueList[]): Promise<void> {
    const size = lists.reduce((sum, list) => sum + list.size, 0);
    if (size > this.wholeBytes && this.#stage.asksForValues) return this.#sendByName(head, lists, size);
    if (size > this.#storedGroupBytes) throw this.#tooLarge();
    this.out.bytes(head);
    this.out.int32(lists.reduce((sum, list) => sum + list.count, 0));
    for (const list of lists) list.writeTo(this.out);
    await this.flushIfFull();
  }

  /** Sends what is written, if it is enough for a message; the bundle ends if it has enough. */
  async flushIfFull(): Promise<void> {
    if (this.out.length >= messageBytes) await this.flush();
  }

  /** Sends what is written. */
  async flush(): Promise<void> {
    if (this.out.length === 0) return;
    await this.#bundles.send(this.out.take());
    if (this.#bundles.isFull) await this.#endBundle();
  }

  /** Sends what is left, and ends the last bundle. */
  async finish(): Promise<void> {
    await this.flush();
    await this.#endBundle();
  }

  /** Answers requests for the values of groups that were sent by name. */
  readonly state: StateBackend = {
    get: (key, token) => this.#readPart(key, token),
    append: refuseWrite,
    clear: refuseWrite,
  };

  /**
   * An iterable that goes on in the state of its name (`beam_runner_api.proto`, STATE_BACKED_ITERABLE): an unknown
   * length, no values of its own, -1, the name. The bundle of one that takes disk ends with it.
   */
  async #sendByName(head: Uint8Array, lists: readonly ValueList[], size: number): Promise<void> {
    const name = Buffer.from(`group-${++this.#names}`);
    const isHeld = size <= heldBytes;
    const parts = lists.flatMap((list) => list.parts());
    this.#named.set(hex(name), isHeld ? parts.map((part) => pieceOf(part.read())) : parts);
    this.#namedBytes += size;
    this.out.bytes(head);
    this.out.int32(-1);
    this.out.varint64(-1, -1);
    this.out.varint32(name.length);
    this.out.bytes(name);
    if (this.#namedBytes <= heldBytes) return this.flushIfFull();
    await this.flush();
    await this.#endBundle();
  }

  /** What was put off may read its group again. */
  async #endBundle(): Promise<void> {
    await this.#bundles.end();
    if (this.#named.size === 0) return;
    await this.#bundles.runResiduals();
    this.#named.clear();
    this.#namedBytes = 0;
  }

  #tooLarge(): HostError {
    const limit = this.#storedGroupBytes >> 20;
    return new HostError({
      code: "runtime/group-too-large",
      message: `the values of one key take more than ${limit} MiB, and the worker's SDK can't ask for them in parts`,
      transform: this.#stage.grouping?.name ?? "",
      hint: "combine the values of a key instead; or raise spark.beam2spark.maxStoredGroupBytes",
    });
  }

  #readPart({ runner }: StateKey, token: Uint8Array): StatePart {
    const parts = runner === undefined ? undefined : this.#named.get(hex(runner.key));
    if (parts === undefined) throw new Error("there is no group of this name");
    return answerPart(parts, token);
  }
}

/** Whether the host can't read all of what a coder writes. */
function isOpaque({ urn, parts }: CoderTree): boolean {
  return urn === URN.coderLengthPrefix || parts.some(isOpaque);
}

function refuseWrite(): never {
  throw new Error("the values of a group can't be written");
}
