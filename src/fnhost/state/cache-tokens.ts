import { randomUUID } from "node:crypto";
import { URN } from "../../beam/urns.js";
import type { CacheTokens } from "../bundle.js";
import type { OpenedStage } from "../open-stages.js";

/** A token that nobody else has: a worker may keep what it reads, and finds it by its token. */
export function newCacheToken(): Uint8Array {
  return Buffer.from(randomUUID());
}

/**
 * What a worker may keep from bundle to bundle of a task (`beam_fn_api.proto`, ProcessBundleRequest.CacheToken), if it
 * says that it does so: user state, which nobody but the task's bundles writes, for as long as the task; side inputs for
 * as long as the host has the same rows.
 *
 * @param sideInputs are the tokens of the stage's side inputs, in their order
 */
export function createCacheTokens(
  { capabilities, isKeyed, sideInputs: read }: OpenedStage,
  sideInputs: readonly Uint8Array[],
): CacheTokens {
  if (!capabilities.has(URN.protocolStateCaching)) return [];
  const ofSideInputs = read.flatMap(({ readers }, index) =>
    readers.map(({ transform: transformId, input: sideInputId }) => ({
      sideInput: { transformId, sideInputId },
      token: sideInputs[index]!,
    })),
  );
  return isKeyed ? [{ userState: {}, token: newCacheToken() }, ...ofSideInputs] : ofSideInputs;
}
