import type { ProcessBundleDescriptor } from "../../beam/protos/types/bundle.js";
import {
  AccumulationMode,
  ClosingBehavior,
  MergeStatus,
  OnTimeBehavior,
  OutputTime,
} from "../../beam/protos/types/windowing.js";
import { URN } from "../../beam/urns.js";
import type { Grouping } from "../stage-json.js";
import { WorkerCoders } from "../worker-coders.js";
import type { HostEndpoints } from "../worker-stage.js";
import { type DescribedQuestion, describeQuestion } from "./describe-question.js";
import { padWindowFn } from "./padded-window-fn.js";

/**
 * Asks which windows of a key a user's function merges (`beam_runner_api.proto`, MERGE_WINDOWS): sets of windows go
 * in, each with a name, and of each come out those that stay, and those that are new with what went into them.
 */
export function describeMerging(
  stage: ProcessBundleDescriptor,
  host: HostEndpoints,
  id: string,
  { name, windowing }: Grouping,
): DescribedQuestion {
  const coders = new WorkerCoders(stage);
  const { windowFn, windowCoderId, environmentId } = stage.windowingStrategies.get(windowing)!;
  const nonce = coders.compose(URN.coderBytes, []);
  const global = coders.compose(URN.coderGlobalWindow, []);
  const window = coders.readable(windowCoderId);
  const windows = coders.compose(URN.coderIterable, [window]);
  const merged = coders.compose(URN.coderIterable, [coders.compose(URN.coderKv, [window, windows])]);
  return describeQuestion(stage, host, {
    id,
    transform: {
      uniqueName: name,
      spec: { urn: URN.mergeWindows, payload: padWindowFn(windowFn!) },
      environmentId,
    },
    coders,
    window: global,
    windowing: {
      windowFn: { urn: URN.windowFnGlobal },
      mergeStatus: MergeStatus.NON_MERGING,
      windowCoderId: global.id,
      trigger: { default: {} },
      accumulationMode: AccumulationMode.DISCARDING,
      outputTime: OutputTime.END_OF_WINDOW,
      closingBehavior: ClosingBehavior.EMIT_IF_NONEMPTY,
      onTimeBehavior: OnTimeBehavior.FIRE_ALWAYS,
      assignsToOneWindow: true,
      environmentId,
    },
    input: coders.compose(URN.coderKv, [nonce, windows]),
    output: coders.compose(URN.coderKv, [nonce, coders.compose(URN.coderKv, [windows, merged])]),
  });
}
