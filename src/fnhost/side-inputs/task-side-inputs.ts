import { createHash } from "node:crypto";
import type { OpenStage, SideInputFiles } from "../../beam/protos/types/link.js";
import type { StateKey } from "../../beam/protos/types/state.js";
import { readBatches } from "../arrow/read-batches.js";
import type { OpenedStage } from "../open-stages.js";
import type { StateBackend, StatePart } from "../state-stream.js";
import type { StageSideInput } from "./describe-side-inputs.js";
import { LoadedSideInput } from "./loaded-side-input.js";
import type { SideInput } from "./side-input.js";
import type { SideInputLease, SideInputStore } from "./side-input-store.js";
import { StoredSideInput } from "./stored-side-input.js";

/** The side inputs of one task: those that the host lacks are asked of the task, one after the other. */
export class TaskSideInputs implements StateBackend {
  readonly #store: SideInputStore;
  readonly #stage: OpenedStage;
  readonly #job: string;
  readonly #names: readonly string[];
  readonly #leases: SideInputLease[] = [];
  readonly #ready: SideInput[] = [];
  #isReleased = false;

  /** @throws Error where the task names too few side inputs for its stage */
  constructor(store: SideInputStore, stage: OpenedStage, { job, sideInputs }: OpenStage) {
    if (sideInputs.length !== stage.sideInputs.length)
      throw new Error(
        `a stage of ${stage.sideInputs.length} side inputs was opened with ${sideInputs.length}`,
      );
    this.#store = store;
    this.#stage = stage;
    this.#job = job;
    this.#names = sideInputs;
  }

  /** The next one that the task is to send, null once all are there. */
  async findWanted(): Promise<number | null> {
    while (this.#leases.length < this.#names.length) {
      const index = this.#leases.length;
      const lease = await this.#store.lease(this.#job, this.#nameOf(index));
      this.#leases.push(lease);
      if (this.#isReleased) lease.release();
      if (lease.sideInput === null) return index;
      this.#ready.push(lease.sideInput);
    }
    return null;
  }

  /** By which workers may keep what they read of each. */
  get cacheTokens(): readonly Uint8Array[] {
    return this.#leases.map(({ cacheToken }) => cacheToken);
  }

  /** Takes the rows of the one that was asked for, an Arrow stream. */
  takeRows(stream: Uint8Array): void {
    const { form, use } = this.#wanted();
    const sideInput = new LoadedSideInput(form, use);
    for (const batch of readBatches(stream)) sideInput.add(batch);
    this.#provide(sideInput);
  }

  /** Takes the places of the rows of the one that was asked for. */
  takeFiles({ paths, buckets, bucketCount }: SideInputFiles): void {
    const { form, use } = this.#wanted();
    const byBucket = use.isLookedUp ? new Map(buckets.map((bucket, file) => [bucket, file])) : null;
    this.#provide(new StoredSideInput({ paths, buckets: byBucket, bucketCount }, form));
  }

  /** Lets go of all of them. */
  release(): void {
    this.#isReleased = true;
    for (const lease of this.#leases) lease.release();
  }

  get(key: StateKey, token: Uint8Array): StatePart {
    const { iterableSideInput: whole, multimapSideInput: values, multimapKeysSideInput: keys } = key;
    if (whole !== undefined) return this.#find(whole, "isIterated").elements(whole.window, token);
    if (values !== undefined)
      return this.#find(values, "isLookedUp").values(values.window, values.key, token);
    if (keys !== undefined) return this.#find(keys, "isLookedUp").keys(keys.window, token);
    throw new Error("the stage has no state of this kind");
  }

  append(): void {
    throw new Error("a side input can't be written");
  }

  clear(): void {
    throw new Error("a side input can't be cleared");
  }

  #find(
    { transformId, sideInputId }: { readonly transformId: string; readonly sideInputId: string },
    use: "isIterated" | "isLookedUp",
  ): SideInput {
    const pcollection = this.#stage.inputOf(transformId, sideInputId);
    const index = this.#stage.sideInputs.findIndex((one) => one.pcollection === pcollection);
    const sideInput = this.#ready[index];
    if (sideInput === undefined) throw new Error(`${transformId} has no side input ${sideInputId}`);
    if (!this.#stage.sideInputs[index]!.use[use])
      throw new Error(`${transformId} reads its side input ${sideInputId} in another way than it has said`);
    return sideInput;
  }

  /** Stages may read the same rows in different coders and ways. */
  #nameOf(index: number): string {
    const { form, use } = this.#stage.sideInputs[index]!;
    const digest = createHash("sha256")
      .update(JSON.stringify([form, use]))
      .digest("hex");
    return JSON.stringify([this.#names[index], digest]);
  }

  #wanted(): StageSideInput {
    if (this.#ready.length === this.#leases.length)
      throw new Error("a side input came that was not asked for");
    return this.#stage.sideInputs[this.#ready.length]!;
  }

  #provide(sideInput: SideInput): void {
    this.#leases.at(-1)!.provide(sideInput);
    this.#ready.push(sideInput);
  }
}
