import type { ProcessBundleProgressResponse } from "../../beam/protos/types/control.js";
import { URN } from "../../beam/urns.js";
import { ByteReader } from "../bytes/byte-reader.js";
import { integers } from "../metrics/payload-numbers.js";
import { mostKeptBytes } from "./kept-input.js";
import type { Straggler } from "./watch-straggler.js";

/** With so much kept, a worker is asked how far it has read: seldom, as it has better things to do. */
const askedBytes = mostKeptBytes / 2;

/** It is asked again when there is so much more than it had left. */
const moreBytes = 2 << 20;

/** With so much kept, the answer is waited for: the next elements could be too many. */
const fullBytes = mostKeptBytes - (1 << 20);

/**
 * Keeps of a bundle's input no more than its worker hasn't read yet, nearly: asks it now and then how far it is, and
 * lets go of what it has passed.
 *
 * @returns what is to be called after elements were added. It gives what to wait for before the next, null for nothing
 */
export function createTrimmer({ instruction, worker, source, kept }: Straggler): () => Promise<void> | null {
  let asked = 0;
  let left = 0;
  let asking: Promise<void> | null = null;

  const ask = async (): Promise<void> => {
    try {
      const { processBundleProgress } = await worker.control.ask({
        instructionId: `${instruction}-read-${++asked}`,
        processBundleProgress: { instructionId: instruction },
      });
      kept.pass(readIndexOf(processBundleProgress, source));
    } catch {
      // The bundle is over, or so is its worker: what is wrong with that, its bundle says.
    }
    left = kept.size;
    asking = null;
  };
  return () => {
    if (!kept.isWhole) return null;
    if (asking === null && kept.size >= Math.max(askedBytes, left + moreBytes)) asking = ask();
    return kept.size >= fullBytes ? asking : null;
  };
}

/** How far a worker has read the input of a bundle; 0 where it doesn't say. */
function readIndexOf(progress: ProcessBundleProgressResponse | undefined, source: string): number {
  const info = progress?.monitoringInfos.find(
    ({ urn, labels }) => urn === URN.dataChannelReadIndex && labels.get("PTRANSFORM") === source,
  );
  return info === undefined ? 0 : Number(integers.read(new ByteReader(info.payload)));
}
