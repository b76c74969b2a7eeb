import type { Draft } from "../beam/protos/message-type.js";
import type { ProcessBundleDescriptor } from "../beam/protos/types/bundle.js";
import type { Coder } from "../beam/protos/types/pipeline.js";
import { URN } from "../beam/urns.js";
import type { ValueLayout } from "../compiler/4-physical/layout.js";
import { HostError } from "./host-error.js";
import { capabilitiesOf, environmentOf } from "./stage-environment.js";

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

/** Coders without which no worker could be given anything. */
const indispensable: readonly string[] = [
  URN.coderBytes,
  URN.coderKv,
  URN.coderIterable,
  URN.coderLengthPrefix,
  URN.coderGlobalWindow,
  URN.coderWindowedValue,
];

/** A coder by its id, and as the host reads it. */
export interface ReadableCoder {
  readonly id: string;
  readonly tree: CoderTree;
  readonly parts: readonly ReadableCoder[];
}

/** A coder with its parts, as the bytes at an edge are written. */
export interface CoderTree {
  readonly urn: string;
  readonly parts: readonly CoderTree[];
}

const bytes: CoderTree = { urn: URN.coderBytes, parts: [] };

/**
 * The coders of a stage as its worker is told of them: its own, and those that are made for its edges. These are of
 * kinds that the worker declares, or that the stage has anyway.
 */
export class WorkerCoders {
  readonly all: Map<string, Draft<Coder>>;
  readonly #stage: ProcessBundleDescriptor;
  readonly #own: ReadonlyMap<string, Coder>;
  readonly #known: ReadonlySet<string>;

  constructor(stage: ProcessBundleDescriptor) {
    this.#stage = stage;
    this.#own = stage.coders;
    this.all = new Map(stage.coders);
    const own = [...stage.coders.values()].flatMap(({ spec }) => spec?.urn ?? []);
    this.#known = new Set([...indispensable, ...capabilitiesOf(environmentOf(stage)), ...own]);
  }

  /** The coder itself where the host reads it whole, else one that has lengths around what it doesn't. */
  readable(id: string): ReadableCoder {
    const coder = this.#own.get(id)!;
    const { urn } = coder.spec!;
    const isKnown = readCoders.has(urn);
    if (!isKnown || urn === URN.coderLengthPrefix) {
      const prefixed = isKnown ? id : this.add(URN.coderLengthPrefix, [id]);
      return { id: prefixed, tree: { urn: URN.coderLengthPrefix, parts: [bytes] }, parts: [] };
    }
    const parts = coder.componentCoderIds.map((part) => this.readable(part));
    const isSame = parts.every((part, index) => part.id === coder.componentCoderIds[index]);
    return isSame ? { id, tree: treeOf(urn, parts), parts } : this.compose(urn, parts);
  }

  /**
   * The coder of values that lie in a layout. The layout says what their bytes are, and not the PCollection's own
   * coder: rows may have been written for another reader, in its coder. What Spark's operators have made is written
   * in the declared coder.
   */
  ofLayout(layout: ValueLayout, declared: string): ReadableCoder {
    switch (layout.kind) {
      case "encoded":
      case "coded-integer":
        return this.readable(layout.coder);
      case "integer":
      case "quotient":
      case "record":
        return this.readable(declared);
      case "bytes":
        return this.compose(URN.coderBytes, []);
      case "utf8":
        return this.compose(URN.coderStringUtf8, []);
      case "bool":
        return this.compose(URN.coderBool, []);
      case "varint":
        return this.compose(URN.coderVarint, []);
      case "double":
        return this.compose(URN.coderDouble, []);
      case "nullable":
        return this.compose(URN.coderNullable, [this.ofLayout(layout.value, this.#part(declared, 0))]);
      case "iterable":
        return this.compose(URN.coderIterable, [this.ofLayout(layout.element, this.#part(declared, 0))]);
      case "kv":
        return this.compose(URN.coderKv, [
          this.ofLayout(layout.key, this.#part(declared, 0)),
          this.ofLayout(layout.value, this.#part(declared, 1)),
        ]);
    }
  }

  /**
   * The coder of keys that lie in a layout and are looked up: a worker makes the bytes that it looks up by, for any
   * value that a function may ask for, so that the declared coder must stay where no other has written the rows.
   */
  ofLookedUp(layout: ValueLayout, declared: string): ReadableCoder {
    if (layout.kind === "encoded") return this.readable(layout.coder);
    if (!readCoders.has(this.#own.get(declared)!.spec!.urn)) return this.readable(declared);
    switch (layout.kind) {
      case "nullable":
        return this.compose(URN.coderNullable, [this.ofLookedUp(layout.value, this.#part(declared, 0))]);
      case "iterable":
        return this.compose(URN.coderIterable, [this.ofLookedUp(layout.element, this.#part(declared, 0))]);
      case "kv":
        return this.compose(URN.coderKv, [
          this.ofLookedUp(layout.key, this.#part(declared, 0)),
          this.ofLookedUp(layout.value, this.#part(declared, 1)),
        ]);
      default:
        return this.readable(declared);
    }
  }

  /** The coder of pairs that lie in a layout, whose keys are looked up. */
  ofPairs(pairs: ValueLayout, declared: string): ReadableCoder {
    if (pairs.kind !== "kv") return this.ofLayout(pairs, declared);
    return this.compose(URN.coderKv, [
      this.ofLookedUp(pairs.key, this.#part(declared, 0)),
      this.ofLayout(pairs.value, this.#part(declared, 1)),
    ]);
  }

  /** The coder of groups whose pairs lie in a layout; `declared` is the groups' own. */
  ofGroups(pairs: ValueLayout, declared: string): ReadableCoder {
    if (pairs.kind !== "kv") return this.readable(declared);
    const values = this.ofLayout(pairs.value, this.#part(this.#part(declared, 1), 0));
    return this.compose(URN.coderKv, [
      this.ofLayout(pairs.key, this.#part(declared, 0)),
      this.compose(URN.coderIterable, [values]),
    ]);
  }

  /** A part of a coder; the coder itself where it has none: no layout asks further then. */
  #part(id: string, index: number): string {
    return this.#own.get(id)?.componentCoderIds[index] ?? id;
  }

  /** A coder of pairs whose values are iterables, with the same bytes but for iterables that go on in the state. */
  askingForValues(pairs: ReadableCoder): ReadableCoder {
    const [key, values] = pairs.parts;
    if (key === undefined || values === undefined) return pairs;
    const asking = this.compose(URN.coderStateBackedIterable, values.parts);
    return { ...this.compose(URN.coderKv, [key, asking]), tree: pairs.tree };
  }

  /** A coder of readable parts. Errors: a HostError for one that the worker may not know. */
  compose(urn: string, parts: readonly ReadableCoder[]): ReadableCoder {
    const id = this.add(
      urn,
      parts.map((part) => part.id),
    );
    return { id, tree: treeOf(urn, parts), parts };
  }

  /** Adds a coder of parts. @returns its id. Errors: a HostError for one that the worker may not know. */
  add(urn: string, parts: readonly string[]): string {
    if (!this.#known.has(urn)) throw this.#describeUnknown(urn);
    const id = `beam2spark_${urn}(${parts.join(",")})`;
    this.all.set(id, { spec: { urn }, componentCoderIds: parts });
    return id;
  }

  #describeUnknown(urn: string): HostError {
    const { transforms } = this.#stage;
    const [asking] = [...transforms.values()].filter(({ environmentId }) => environmentId !== "");
    const { urn: environment = "" } = environmentOf(this.#stage) ?? {};
    return new HostError({
      code: "runtime/coder-undeclared",
      message: `elements are in ${urn}, which the environment ${environment || "(of no kind)"} doesn't say that it knows`,
      transform: asking?.uniqueName ?? "",
      hint: "an SDK names the coders that it knows among its environment's capabilities",
    });
  }
}

function treeOf(urn: string, parts: readonly ReadableCoder[]): CoderTree {
  return { urn, parts: parts.map(({ tree }) => tree) };
}
