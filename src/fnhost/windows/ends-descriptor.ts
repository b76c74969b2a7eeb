import type { ProcessBundleDescriptor } from "../../beam/protos/types/bundle.js";
import { CombinePayload } from "../../beam/protos/types/payloads.js";
import { MergeStatus, OutputTime } from "../../beam/protos/types/windowing.js";
import { URN } from "../../beam/urns.js";
import { WorkerCoders } from "../worker-coders.js";
import type { HostEndpoints } from "../worker-stage.js";
import { type DescribedQuestion, describeQuestion } from "./describe-question.js";

/** Python's function that counts values, as its SDK reads it: a pickle of the class and no arguments, packed. */
const countFn =
  "QlpoOTFBWSZTWSiTKJ4AABpXwBAQACEJAAAAu2PeAGAAIABIapk9TTIYyT1P0oUGjRoMgNCrpJoKKPpHS1HjZu/s823FCO3ISDWJo9tdNgJFy/F3JFOFCQKJMong";

/** Bytes as a message of their own (`google.protobuf.BytesValue`), where they are fewer than 128. */
function wrapped(text: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(0x0a, text.length), Buffer.from(text)]);
}

/**
 * Asks a worker of Python's SDK when windows of a user's type end: each comes with a name, and its name comes back at
 * the end of the window, where the SDK's own first half of a combine puts what it has combined.
 */
export function describeEnds(
  stage: ProcessBundleDescriptor,
  host: HostEndpoints,
  id: string,
  windowing: string,
): DescribedQuestion {
  const coders = new WorkerCoders(stage);
  const strategy = stage.windowingStrategies.get(windowing)!;
  const name = coders.compose(URN.coderBytes, []);
  const count = coders.compose(URN.coderVarint, []);
  const payload = CombinePayload.encode({
    combineFn: { urn: "beam:combinefn:pickled_python:v1", payload: wrapped(countFn) },
    accumulatorCoderId: count.id,
  });
  return describeQuestion(stage, host, {
    id,
    transform: {
      uniqueName: "beam2spark_ends",
      spec: { urn: URN.combinePrecombine, payload },
      environmentId: strategy.environmentId,
    },
    coders,
    window: coders.readable(strategy.windowCoderId),
    windowing: { ...strategy, mergeStatus: MergeStatus.NON_MERGING, outputTime: OutputTime.END_OF_WINDOW },
    input: coders.compose(URN.coderKv, [name, name]),
    output: coders.compose(URN.coderKv, [name, count]),
  });
}
