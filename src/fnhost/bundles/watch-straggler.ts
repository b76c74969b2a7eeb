import type {
  DelayedBundleApplication,
  ProcessBundleSplitResponse,
} from "../../beam/protos/types/control.js";
import { MalformedElementError } from "../bytes/byte-reader.js";
import type { Worker } from "../worker.js";
import type { KeptInput } from "./kept-input.js";
import type { ProgressWatch, WorkerPatience } from "./watch-progress.js";

/** A worker that had nothing to do, on loan. */
export interface IdleWorker {
  readonly worker: Worker;
  /** @param isIdle whether it may be lent again */
  giveBack(isIdle: boolean): void;
}

/** What a worker has given back of a bundle. */
export interface RestOfBundle {
  readonly elements: readonly Uint8Array[];
  readonly residuals: readonly DelayedBundleApplication[];
}

/** A bundle whose input has ended, or will have. */
export interface Straggler {
  readonly instruction: string;
  readonly worker: Worker;
  /** The transform that reads its input. */
  readonly source: string;
  readonly kept: KeptInput;
}

/** What becomes of stragglers. */
export interface StragglerOptions {
  readonly patience: WorkerPatience;
  readonly watch: ProgressWatch;
  /** A worker for the rest of a bundle; null while none is idle. */
  borrowIdle(): IdleWorker | null;
  /** Takes what a straggler has given back, for an idle worker. */
  deliver(rest: RestOfBundle, idle: IdleWorker): void;
}

/** A bundle that gives nothing back is asked less and less often, but at least after so many times the first wait. */
const longestBackOff = 16;

/**
 * Asks a bundle that runs for long to give half of what is left of it to an idle worker, as often as there is one.
 * What a worker has begun may be given back too, where its function can be split.
 *
 * @returns what ends the asking, and waits for an answer that is on its way: it counts even where the bundle is done.
 *   Errors: a MalformedElementError for an answer that gives back what the bundle was not given
 */
export function watchStraggler(straggler: Straggler, options: StragglerOptions): () => Promise<void> {
  const { splitMillis } = options.patience;
  let asked = 0;
  let wait = 1;
  let isStopped = false;
  let asking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;

  const split = async (idle: IdleWorker): Promise<void> => {
    let rest: RestOfBundle | null;
    try {
      rest = restOf(await askToSplit(straggler, ++asked, options.watch), straggler);
    } catch (error) {
      idle.giveBack(true);
      throw error;
    }
    if (rest === null) {
      wait = Math.min(wait * 2, longestBackOff);
      idle.giveBack(true);
      return;
    }
    wait = 1;
    options.deliver(rest, idle);
  };
  const tick = (): void => {
    const idle = options.borrowIdle();
    if (idle !== null) asking = split(idle);
    const goOn = (): void => {
      if (!isStopped) timer = setTimeout(tick, wait * splitMillis);
    };
    // What it fails with is for whoever ends the asking.
    asking.then(goOn, () => {});
  };
  timer = setTimeout(tick, splitMillis);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    return asking;
  };
}

async function askToSplit(
  { instruction, worker, source, kept }: Straggler,
  number: number,
  watch: ProgressWatch,
): Promise<ProcessBundleSplitResponse | undefined> {
  const desired = { fractionOfRemainder: 0.5, estimatedInputElements: BigInt(kept.count()) };
  // The bundle's own watch ends with the bundle.
  const stop = watch(worker, instruction);
  try {
    const { processBundleSplit } = await worker.control.ask({
      instructionId: `${instruction}-split-${number}`,
      processBundleSplit: { instructionId: instruction, desiredSplits: new Map([[source, desired]]) },
    });
    return processBundleSplit;
  } catch {
    // The bundle is over, or so is its worker: what is wrong with that, its bundle says.
    return undefined;
  } finally {
    stop();
  }
}

/** What an answer gives back. Go's SDK, asked after the last element, names the number after the one that would follow. */
function restOf(
  response: ProcessBundleSplitResponse | undefined,
  { source, kept }: Straggler,
): RestOfBundle | null {
  const channel = response?.channelSplits.find(({ transformId }) => transformId === source);
  if (response === undefined || channel === undefined) return null;
  const first = Number(channel.firstResidualElement);
  if (first < 0 || first > kept.count() + 1)
    throw new MalformedElementError(
      `the worker gives back elements from number ${first} on, which it was not given`,
    );
  if (first < kept.passed)
    throw new MalformedElementError(
      `the worker gives back elements from number ${first} on, although it has said that it has read them`,
    );
  const elements = kept.giveAway(first);
  const residuals = response.residualRoots;
  return elements.length === 0 && residuals.length === 0 ? null : { elements, residuals };
}
