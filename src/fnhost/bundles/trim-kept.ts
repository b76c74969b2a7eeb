import { setTimeout } from "node:timers/promises";
import type { ProcessBundleProgressResponse } from "../../beam/protos/types/control.js";
import { URN } from "../../beam/urns.js";
import { messageBytes } from "../bytes/blocks.js";
import { ByteReader } from "../bytes/byte-reader.js";
import { integers } from "../metrics/payload-numbers.js";
import { mostKeptBytes } from "./kept-input.js";
import type { Straggler } from "./watch-straggler.js";

/** With so much kept, a worker is asked how far it has read: seldom, as it has better things to do. */
const askedBytes = mostKeptBytes / 2;

/** It is asked again when there is so much more than it had left. */
const moreBytes = 2 << 20;

/** With so much kept, the next elements could be too many: they wait until the worker has read more. */
const fullBytes = mostKeptBytes - 2 * messageBytes;

/** A worker that has not read more is asked again after these, at first and at last: it has enough to read meanwhile. */
const firstWaitMillis = 20;
const longestWaitMillis = 100;

/**
 * Keeps of a bundle's input no more than its worker hasn't read yet, nearly: asks it now and then how far it is, and
 * lets go of what it has passed. A worker takes messages long before it reads them (Java's up to a hundred): what it
 * has not read is to stay few enough to be kept, or its bundle could not be split.
 *
 * @returns what is to be called after elements were added. It gives what to wait for before the next, null for nothing
 */
export function createTrimmer({ instruction, worker, source, kept }: Straggler): () => Promise<void> | null {
  let asked = 0;
  let left = 0;
  let tells = true;
  let asking: Promise<void> | null = null;

  const ask = async (): Promise<void> => {
    try {
      const { processBundleProgress } = await worker.control.ask({
        instructionId: `${instruction}-read-${++asked}`,
        processBundleProgress: { instructionId: instruction },
      });
      const readIndex = readIndexOf(processBundleProgress, source);
      tells = readIndex !== null;
      if (readIndex !== null) kept.pass(readIndex);
    } catch {
      // The bundle is over, or so is its worker: what is wrong with that, its bundle says.
      tells = false;
    }
    left = kept.size;
    asking = null;
  };
  const hasRoom = (): boolean => !kept.isWhole || kept.size < fullBytes;
  const waitForRoom = async (): Promise<void> => {
    for (let wait = firstWaitMillis; ; wait = Math.min(2 * wait, longestWaitMillis)) {
      asking ??= ask();
      await asking;
      if (hasRoom() || !tells) return;
      await setTimeout(wait);
    }
  };
  return () => {
    if (!kept.isWhole) return null;
    if (asking === null && kept.size >= Math.max(askedBytes, left + moreBytes)) asking = ask();
    return hasRoom() ? null : waitForRoom();
  };
}

/** How far a worker has read the input of a bundle; null where it doesn't say. */
function readIndexOf(progress: ProcessBundleProgressResponse | undefined, source: string): number | null {
  const info = progress?.monitoringInfos.find(
    ({ urn, labels }) => urn === URN.dataChannelReadIndex && labels.get("PTRANSFORM") === source,
  );
  return info === undefined ? null : Number(integers.read(new ByteReader(info.payload)));
}
