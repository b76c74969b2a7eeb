import type { Draft } from "../beam/protos/message-type.js";
import { type ProcessBundleDescriptor, RemoteGrpcPort } from "../beam/protos/types/bundle.js";
import { ParDoPayload } from "../beam/protos/types/payloads.js";
import type { Coder, PTransform } from "../beam/protos/types/pipeline.js";
import { URN } from "../beam/urns.js";
import type { Layout } from "../compiler/4-physical/layout.js";
import type { BundleEdges, TimerFamily } from "./bundle.js";

/** Coders whose bytes the host reads and writes itself; any other is given a length, so that it can be passed on. */
const readCoders: ReadonlySet<string> = new Set([
  URN.coderBytes,
  URN.coderStringUtf8,
  URN.coderBool,
  URN.coderVarint,
  URN.coderDouble,
  URN.coderKv,
  URN.coderIterable,
  URN.coderNullable,
  URN.coderLengthPrefix,
  URN.coderGlobalWindow,
  URN.coderIntervalWindow,
]);

/** A coder with its parts, as the bytes at an edge are written. */
export interface CoderTree {
  readonly urn: string;
  readonly parts: readonly CoderTree[];
}

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
}

/**
 * Makes a stage of a project (ARCHITECTURE.md, "Stages") one that a worker can run: its edges become ports of the
 * host's data service, whose elements are windowed values in coders that the host can read.
 *
 * @param layouts of the stage's rows
 * @param endpoint where the host's services are
 */
export function describeForWorker(
  stage: ProcessBundleDescriptor,
  layouts: StageLayouts,
  endpoint: string,
): WorkerStage {
  const coders = new Map<string, Draft<Coder>>(stage.coders);
  const pcollections = new Map(stage.pcollections);
  const transforms = new Map<string, Draft<PTransform>>(stage.transforms);
  const ports = [...stage.transforms].filter(([, { spec }]) => spec?.urn.startsWith("beam2spark:transform:"));
  const edges = ports.map(([id, transform]) => {
    const isSource = transform.outputs.size > 0;
    const [pcollection] = [...(isSource ? transform.outputs : transform.inputs).values()];
    const { coderId, windowingStrategyId } = stage.pcollections.get(pcollection!)!;
    const value = readableCoder(coderId, stage.coders, coders);
    const layout = isSource ? layouts.input : layouts.outputs[outputNumber(id)]!;
    const window =
      layout.window.kind === "dropped"
        ? globalWindowCoder(coders)
        : readableCoder(
            stage.windowingStrategies.get(windowingStrategyId)!.windowCoderId,
            stage.coders,
            coders,
          );
    pcollections.set(pcollection!, { ...stage.pcollections.get(pcollection!)!, coderId: value.id });
    const windowed = addCoder(URN.coderWindowedValue, [value.id, window.id], coders);
    transforms.set(id, {
      ...transform,
      spec: {
        urn: isSource ? "beam:runner:source:v1" : "beam:runner:sink:v1",
        payload: RemoteGrpcPort.encode({ apiServiceDescriptor: { url: endpoint }, coderId: windowed }),
      },
    });
    return { isSource, edge: { transform: id, value: value.tree, window: window.tree } };
  });
  const source = edges.find(({ isSource }) => isSource)!.edge;
  const sinks = edges
    .filter(({ isSource }) => !isSource)
    .map(({ edge }) => edge)
    .sort((left, right) => outputNumber(left.transform) - outputNumber(right.transform));
  return {
    descriptor: {
      ...stage,
      transforms,
      pcollections,
      coders,
      stateApiServiceDescriptor: { url: endpoint },
      timerApiServiceDescriptor: { url: endpoint },
    },
    edges: {
      sources: [source.transform],
      sinks: sinks.map(({ transform }) => transform),
      timers: timersOf(stage),
    },
    source,
    sinks,
  };
}

function outputNumber(sink: string): number {
  return Number(sink.slice(sink.lastIndexOf("_") + 1));
}

/** Where nobody reads windows, all elements are in the global one, which takes no bytes. */
function globalWindowCoder(coders: Map<string, Draft<Coder>>): ReadableCoder {
  const tree = { urn: URN.coderGlobalWindow, parts: [] };
  return { id: addCoder(URN.coderGlobalWindow, [], coders), tree };
}

function timersOf(stage: ProcessBundleDescriptor): readonly TimerFamily[] {
  return [...stage.transforms].flatMap(([transform, { spec }]) =>
    spec?.urn === URN.parDo
      ? [...ParDoPayload.decode(spec.payload).timerFamilySpecs.keys()].map((family) => ({
          transform,
          family,
        }))
      : [],
  );
}

interface ReadableCoder {
  readonly id: string;
  readonly tree: CoderTree;
}

/** The coder itself where the host reads it whole, else one that has lengths around what it doesn't. */
function readableCoder(
  id: string,
  own: ReadonlyMap<string, Coder>,
  all: Map<string, Draft<Coder>>,
): ReadableCoder {
  const coder = own.get(id)!;
  const urn = coder.spec!.urn;
  if (!readCoders.has(urn)) {
    const tree = { urn: URN.coderLengthPrefix, parts: [{ urn: URN.coderBytes, parts: [] }] };
    return { id: addCoder(URN.coderLengthPrefix, [id], all), tree };
  }
  if (urn === URN.coderLengthPrefix)
    return { id, tree: { urn, parts: [{ urn: URN.coderBytes, parts: [] }] } };
  const parts = coder.componentCoderIds.map((part) => readableCoder(part, own, all));
  const isSame = parts.every((part, index) => part.id === coder.componentCoderIds[index]);
  const tree = { urn, parts: parts.map((part) => part.tree) };
  return isSame
    ? { id, tree }
    : {
        id: addCoder(
          urn,
          parts.map((part) => part.id),
          all,
        ),
        tree,
      };
}

function addCoder(urn: string, parts: readonly string[], all: Map<string, Draft<Coder>>): string {
  const id = `beam2spark_${urn}(${parts.join(",")})`;
  all.set(id, { spec: { urn }, componentCoderIds: parts });
  return id;
}
