import { decodeCombinePayload } from "../../beam/payloads/combine.js";
import type { PayloadResult } from "../../beam/payloads/decode-payload.js";
import { decodeParDoPayload, type ParDoPayload } from "../../beam/payloads/par-do.js";
import { decodeReadPayload } from "../../beam/payloads/read.js";
import type { WindowingStrategy } from "../../beam/payloads/windowing-strategy.js";
import {
  describeIntegerCoder,
  type IntegerEncoding,
  type IntegerWidth,
} from "../../beam/recognise/integer-coder.js";
import { URN } from "../../beam/urns.js";
import type { Collector } from "../../diagnostics/collector.js";
import type { Place } from "../../diagnostics/diagnostic.js";
import { invariant } from "../../diagnostics/invariant.js";
import type { Graph, TransformNode } from "../2-graph/graph.js";
import type { Draft } from "./draft.js";
import type { LackingCombiners } from "./known-combiner.js";
import type { AddedCoder, AddedComponents, AddedPCollection, AddedTransform, LaneOption } from "./plan.js";
import { type LaneChoice, lanesOf } from "./support/lanes.js";

/** A function as the SDK serialised it. */
export interface SerialisedFunction {
  readonly urn: string;
  readonly payload: Uint8Array;
}

/** What a plan depends on beside the pipeline. */
export interface PlanChoice {
  readonly lane: LaneChoice;
  readonly lackingCombiners: LackingCombiners;
}

/** What translators see of the pipeline, and where they put what they make. Lives for one `planGraph`. */
export class PlanContext {
  readonly graph: Graph;
  readonly drafts: Draft[] = [];
  readonly diagnostics: Collector;
  readonly #addedTransforms = new Map<string, AddedTransform>();
  readonly #addedPCollections = new Map<string, AddedPCollection>();
  readonly #addedCoders = new Map<string, AddedCoder>();
  readonly #coderOfShape = new Map<string, string>();
  #consumers: ReadonlyMap<string, readonly TransformNode[]> | null = null;

  /** Combiners that no aggregate may be taken for, and why. */
  readonly lackingCombiners: LackingCombiners;
  readonly #lane: LaneChoice;

  /** @param choice where functions run, and which of them no aggregate may be taken for */
  constructor(graph: Graph, diagnostics: Collector, { lane, lackingCombiners }: PlanChoice) {
    this.graph = graph;
    this.diagnostics = diagnostics;
    this.lackingCombiners = lackingCombiners;
    this.#lane = lane;
  }

  /** The lanes in which functions of an environment may run, the one to take first. */
  lanesOf(environment: string | null): readonly LaneOption[] {
    return lanesOf(environment === null ? undefined : this.graph.environments.get(environment), this.#lane);
  }

  /** An environment as a diagnostic names it. */
  describeEnvironment(id: string | null): string {
    const environment = id === null ? undefined : this.graph.environments.get(id);
    if (environment === undefined) return "no environment that it names";
    return `the ${environment.language} environment ${environment.description}`;
  }

  /** Whether a transform's functions run in Spark's Python workers; a composite's are those of its first part. */
  runsInProcess(transform: TransformNode): boolean {
    for (let part: TransformNode | undefined = transform; part !== undefined; ) {
      if (part.environment !== null) {
        return this.lanesOf(part.environment).find(({ possible }) => possible)?.lane === "in-process";
      }
      part = part.parts
        .map((id) => this.graph.transforms.get(id))
        .find((inner) => inner !== undefined && inner.urn !== URN.impulse);
    }
    return false;
  }

  add(draft: Draft): void {
    this.drafts.push(draft);
  }

  /** Reports a transform whose inputs, outputs or coders are not what its URN says. */
  reportMalformed(transform: TransformNode, problem: string): void {
    this.diagnostics.report("plan/transform-malformed", placeOf(transform), { urn: transform.urn, problem });
  }

  /** The one input of a transform whose translator says that it has one. */
  onlyInput(transform: TransformNode): string {
    return only(transform, "input", transform.inputs);
  }

  onlyOutput(transform: TransformNode): string {
    return only(transform, "output", transform.outputs);
  }

  nameOf(pcollection: string): string {
    const added = this.#addedPCollections.get(pcollection);
    return added?.name ?? this.#pcollection(pcollection).name;
  }

  coderOf(pcollection: string): string {
    const added = this.#addedPCollections.get(pcollection);
    return added?.coder ?? this.#pcollection(pcollection).coder;
  }

  windowingOf(pcollection: string): string {
    const added = this.#addedPCollections.get(pcollection);
    return added?.windowing ?? this.#pcollection(pcollection).windowing;
  }

  /** The coder of the keys of a KV PCollection, or null where it is no KV. */
  keyCoderOf(pcollection: string): string | null {
    return this.#kvComponents(pcollection)?.[0] ?? null;
  }

  /** The kind of the values of a KV PCollection, where its coder is a standard scalar; else null. */
  valueTypeOf(pcollection: string): "varint" | "double" | "utf8" | "bytes" | null {
    const value = this.#kvComponents(pcollection)?.[1];
    const urn = value === undefined ? undefined : this.graph.coders.get(value)?.urn;
    switch (urn) {
      case URN.coderVarint:
        return "varint";
      case URN.coderDouble:
        return "double";
      case URN.coderStringUtf8:
        return "utf8";
      case URN.coderBytes:
        return "bytes";
      default:
        return null;
    }
  }

  /** The integers that the values of a KV PCollection are, in Beam's coder or one of their SDK's own; else null. */
  integersOf(pcollection: string): { encoding: IntegerEncoding; width: IntegerWidth } | null {
    const value = this.graph.coders.get(this.#kvComponents(pcollection)?.[1] ?? "");
    if (value?.urn === URN.coderVarint) return { encoding: "varint", width: 64 };
    const inner = value?.urn === URN.coderLengthPrefix ? value.components[0] : value?.id;
    const coder = this.graph.coders.get(inner ?? "");
    return coder === undefined ? null : describeIntegerCoder(coder);
  }

  /** The nearest transform of this one and those that it is part of for which something holds; else null. */
  findEnclosing(
    transform: TransformNode,
    matches: (candidate: TransformNode) => boolean,
  ): TransformNode | null {
    for (let candidate: TransformNode | undefined = transform; candidate !== undefined; ) {
      if (matches(candidate)) return candidate;
      candidate = candidate.parent === null ? undefined : this.graph.transforms.get(candidate.parent);
    }
    return null;
  }

  /** Leaf transforms that read a PCollection, by any tag. */
  consumersOf(pcollection: string): readonly TransformNode[] {
    this.#consumers ??= indexConsumers(this.graph);
    return this.#consumers.get(pcollection) ?? [];
  }

  /** The payload of a ParDo; null where it is unreadable, as only a composite's can be: reading checked the others. */
  parDoPayloadOf(transform: TransformNode): ParDoPayload | null {
    return valueOrNull(decodeParDoPayload(transform.payload));
  }

  /** The CombineFn and accumulator coder of a combine; null where the composite's payload is unreadable. */
  combineOf(transform: TransformNode): { combineFn: SerialisedFunction; accumulatorCoderId: string } | null {
    return valueOrNull(decodeCombinePayload(transform.payload));
  }

  /** The pickled source of a read; null where the composite's payload is unreadable. */
  readSourceOf(transform: TransformNode): { source: SerialisedFunction; isBounded: boolean } | null {
    return valueOrNull(decodeReadPayload(transform.payload));
  }

  /** The decoded windowing strategy of a PCollection. */
  windowingStrategyOf(pcollection: string): WindowingStrategy {
    const windowing = this.graph.windowings.get(this.windowingOf(pcollection));
    invariant(windowing, pcollection, "its windowing strategy was not checked when read");
    return windowing;
  }

  /** Adds a coder once per shape. @returns its id */
  addCoder(urn: string, components: readonly string[]): string {
    const shape = JSON.stringify([urn, components]);
    const before = this.#coderOfShape.get(shape);
    if (before !== undefined) return before;
    const label = urn.replace(/^beam:coder:|:v1$/g, "");
    const id = freeId(`beam2spark_coder_${label}(${components.join(",")})`, [
      this.graph.coders,
      this.#addedCoders,
    ]);
    this.#coderOfShape.set(shape, id);
    this.#addedCoders.set(id, { urn, components });
    return id;
  }

  /** @returns its id: the one asked for, or a like one where the pipeline has that already */
  addPCollection(wanted: string, name: string, coder: string, windowing: string): string {
    const id = freeId(wanted, [this.graph.pcollections, this.#addedPCollections]);
    this.#addedPCollections.set(id, { name, coder, windowing });
    return id;
  }

  /** @returns its id, chosen as a PCollection's is */
  addTransform(wanted: string, transform: AddedTransform): string {
    const id = freeId(wanted, [this.graph.transforms, this.#addedTransforms]);
    this.#addedTransforms.set(id, transform);
    return id;
  }

  added(): AddedComponents {
    return {
      transforms: Object.fromEntries(this.#addedTransforms),
      pcollections: Object.fromEntries(this.#addedPCollections),
      coders: Object.fromEntries(this.#addedCoders),
    };
  }

  #pcollection(id: string) {
    const pcollection = this.graph.pcollections.get(id);
    invariant(pcollection, id, "this PCollection was not checked when read");
    return pcollection;
  }

  #kvComponents(pcollection: string): readonly string[] | null {
    const coder = this.graph.coders.get(this.coderOf(pcollection));
    return coder?.urn === URN.coderKv && coder.components.length === 2 ? coder.components : null;
  }
}

function valueOrNull<Payload>(decoded: PayloadResult<Payload>): Payload | null {
  return decoded.ok ? decoded.value : null;
}

/** Where a diagnostic about a transform points. */
export function placeOf(transform: TransformNode, path?: string): Place {
  return { transform: transform.name, id: transform.id, ...(path === undefined ? {} : { path }) };
}

function freeId(wanted: string, taken: readonly ReadonlyMap<string, unknown>[]): string {
  let id = wanted;
  while (taken.some((ids) => ids.has(id))) id += "'";
  return id;
}

function only(transform: TransformNode, what: string, tagged: ReadonlyMap<string, string>): string {
  const [first] = tagged.values();
  invariant(
    first !== undefined && tagged.size === 1,
    transform.name,
    `it has ${tagged.size} ${what}s instead of one`,
  );
  return first;
}

function indexConsumers(graph: Graph): ReadonlyMap<string, readonly TransformNode[]> {
  const consumers = new Map<string, TransformNode[]>();
  for (const transform of graph.transforms.values()) {
    if (transform.parts.length > 0) continue;
    for (const pcollection of new Set(transform.inputs.values())) {
      const readers = consumers.get(pcollection);
      if (readers === undefined) consumers.set(pcollection, [transform]);
      else readers.push(transform);
    }
  }
  return consumers;
}
