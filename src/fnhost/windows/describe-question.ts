import type { Draft } from "../../beam/protos/message-type.js";
import { type ProcessBundleDescriptor, RemoteGrpcPort } from "../../beam/protos/types/bundle.js";
import type { PTransform } from "../../beam/protos/types/pipeline.js";
import type { WindowingStrategy } from "../../beam/protos/types/windowing.js";
import { URN } from "../../beam/urns.js";
import type { SideBundle } from "../inputs/stage-input.js";
import type { ReadableCoder, WorkerCoders } from "../worker-coders.js";
import type { HostEndpoints } from "../worker-stage.js";

const source = "beam2spark_question";
const asked = "beam2spark_asked";
const sink = "beam2spark_answer";

/** A question to workers, and the descriptor by which they get it. */
export interface DescribedQuestion {
  readonly bundle: SideBundle;
  readonly descriptor: Draft<ProcessBundleDescriptor>;
}

/** One transform of the SDK's own that is asked something. */
export interface Question {
  /** The descriptor's id. */
  readonly id: string;
  /** The transform, without its inputs and outputs. */
  readonly transform: Exclude<Draft<PTransform>, Uint8Array>;
  readonly coders: WorkerCoders;
  readonly window: ReadableCoder;
  readonly windowing: Draft<WindowingStrategy>;
  /** Coders of the values that go in and come out. */
  readonly input: ReadableCoder;
  readonly output: ReadableCoder;
}

/** Makes a question to the workers of a stage: a source, the one transform, and a sink. */
export function describeQuestion(
  stage: ProcessBundleDescriptor,
  host: HostEndpoints,
  { id, transform, coders, window, windowing, input, output }: Question,
): DescribedQuestion {
  const port = (urn: string, coder: ReadableCoder): Draft<PTransform> & object => ({
    uniqueName: urn,
    spec: {
      urn,
      payload: RemoteGrpcPort.encode({
        apiServiceDescriptor: { url: host.dataEndpoint },
        coderId: coders.add(URN.coderWindowedValue, [coder.id, window.id]),
      }),
    },
  });
  const transforms = new Map<string, Draft<PTransform>>([
    [source, { ...port("beam:runner:source:v1", input), outputs: new Map([["out", source]]) }],
    [asked, { ...transform, inputs: new Map([["in", source]]), outputs: new Map([["out", sink]]) }],
    [sink, { ...port("beam:runner:sink:v1", output), inputs: new Map([["in", sink]]) }],
  ]);
  const pcollections = new Map(
    [
      { uniqueName: source, coderId: input.id },
      { uniqueName: sink, coderId: output.id },
    ].map((one) => [one.uniqueName, { ...one, windowingStrategyId: source }]),
  );
  return {
    bundle: { id, source, sink },
    descriptor: {
      id,
      transforms,
      pcollections,
      windowingStrategies: new Map([[source, windowing]]),
      coders: coders.all,
      environments: stage.environments,
      stateApiServiceDescriptor: { url: host.dataEndpoint },
      timerApiServiceDescriptor: { url: host.dataEndpoint },
    },
  };
}
