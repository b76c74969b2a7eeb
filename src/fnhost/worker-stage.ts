import type { Draft } from "../beam/protos/message-type.js";
import { type ProcessBundleDescriptor, RemoteGrpcPort } from "../beam/protos/types/bundle.js";
import type { PTransform } from "../beam/protos/types/pipeline.js";
import { readSdk } from "../beam/recognise/read-sdk.js";
import { URN } from "../beam/urns.js";
import type { Layout } from "../compiler/4-physical/layout.js";
import type { BundleEdges } from "./bundle.js";
import { describeSideInputs, type StageSideInput } from "./side-inputs/describe-side-inputs.js";
import type { FnHost } from "./start-host.js";
import { type CoderTree, WorkerCoders } from "./worker-coders.js";
import { describeTimers, type StageTimers } from "./worker-timers.js";

/** Elements at one edge of a stage. */
export interface StageEdge {
  readonly transform: string;
  readonly value: CoderTree;
  readonly window: CoderTree;
}

/** How the rows of a stage lie. */
export interface StageLayouts {
  readonly input: Layout;
  readonly outputs: readonly Layout[];
}

/** A stage as a worker is told of it. */
export interface WorkerStage {
  readonly descriptor: Draft<ProcessBundleDescriptor>;
  readonly edges: BundleEdges;
  readonly source: StageEdge;
  /** In the order of the stage's outputs. */
  readonly sinks: readonly StageEdge[];
  readonly timers: readonly StageTimers[];
  /** Whether the worker can ask for the values of its input's large groups. */
  readonly asksForValues: boolean;
  readonly sideInputs: readonly StageSideInput[];
}

/** Where a host's services are: all but that of data, and that. */
export type HostEndpoints = Pick<FnHost, "endpoint" | "dataEndpoint">;

/** What a stage is made ready for workers with. */
export interface StageOptions {
  readonly layouts: StageLayouts;
  readonly sideInputs: readonly { readonly pcollection: string; readonly layout: Layout }[];
  /** Whether the input's rows are pairs that make groups. */
  readonly isGrouped: boolean;
  /** Whether the input is groups whose large ones are read part by part: the worker can ask for their values. */
  readonly asksForValues: boolean;
  readonly host: HostEndpoints;
}

/**
 * Makes a stage of a project (ARCHITECTURE.md, "Stages") one that a worker can run: its edges become ports of the
 * host's data service, whose elements are windowed values in coders that the host can read, and so are its timers.
 */
export function describeForWorker(stage: ProcessBundleDescriptor, options: StageOptions): WorkerStage {
  const { layouts, host, asksForValues } = options;
  const coders = new WorkerCoders(stage);
  const pcollections = new Map(stage.pcollections);
  const transforms = new Map<string, Draft<PTransform>>(stage.transforms);
  const sideInputs = describeSideInputs(stage, options.sideInputs, coders);
  for (const { pcollection, coderId } of sideInputs)
    pcollections.set(pcollection, { ...stage.pcollections.get(pcollection)!, coderId });
  const ports = [...stage.transforms].filter(([, { spec }]) => spec?.urn.startsWith("beam2spark:transform:"));
  const edges = ports.map(([id, transform]) => {
    const isSource = transform.outputs.size > 0;
    const [pcollection] = [...(isSource ? transform.outputs : transform.inputs).values()];
    const { coderId, windowingStrategyId } = stage.pcollections.get(pcollection!)!;
    const layout = isSource ? layouts.input : layouts.outputs[outputNumber(id)]!;
    const isGroups = isSource && options.isGrouped;
    const readable = isGroups
      ? coders.ofGroups(layout.value, coderId)
      : coders.ofLayout(layout.value, coderId);
    const value = isSource && asksForValues ? coders.askingForValues(readable) : readable;
    const window =
      layout.window.kind === "dropped"
        ? coders.compose(URN.coderGlobalWindow, [])
        : coders.readable(stage.windowingStrategies.get(windowingStrategyId)!.windowCoderId);
    // Java's worker makes the coders of PCollections without the state that values are asked for through.
    const known = isJava(stage) ? readable : value;
    pcollections.set(pcollection!, { ...stage.pcollections.get(pcollection!)!, coderId: known.id });
    const windowed = coders.add(URN.coderWindowedValue, [value.id, window.id]);
    transforms.set(id, {
      ...transform,
      spec: {
        urn: isSource ? "beam:runner:source:v1" : "beam:runner:sink:v1",
        payload: RemoteGrpcPort.encode({
          apiServiceDescriptor: { url: host.dataEndpoint },
          coderId: windowed,
        }),
      },
    });
    return { isSource, value, window, edge: { transform: id, value: value.tree, window: window.tree } };
  });
  const source = edges.find(({ isSource }) => isSource)!;
  const sinks = edges
    .filter(({ isSource }) => !isSource)
    .map(({ edge }) => edge)
    .sort((left, right) => outputNumber(left.transform) - outputNumber(right.transform));
  const timers = describeTimers(transforms, () =>
    coders.add(URN.coderTimer, [source.value.parts[0]!.id, source.window.id]),
  );
  return {
    descriptor: {
      ...stage,
      transforms,
      pcollections,
      coders: coders.all,
      stateApiServiceDescriptor: { url: host.dataEndpoint },
      timerApiServiceDescriptor: { url: host.dataEndpoint },
    },
    edges: {
      sources: [source.edge.transform],
      sinks: sinks.map(({ transform }) => transform),
      timers,
    },
    source: source.edge,
    sinks,
    timers,
    asksForValues,
    sideInputs,
  };
}

function isJava({ environments }: ProcessBundleDescriptor): boolean {
  return [...environments.values()].some((environment) => readSdk(environment).language === "java");
}

function outputNumber(sink: string): number {
  return Number(sink.slice(sink.lastIndexOf("_") + 1));
}
