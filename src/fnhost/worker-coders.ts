import type { Draft } from "../beam/protos/message-type.js";
import type { Coder } from "../beam/protos/types/pipeline.js";
import { URN } from "../beam/urns.js";

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

/** The coders of a stage as its worker is told of them: its own, and those that are made for its edges. */
export class WorkerCoders {
  readonly all: Map<string, Draft<Coder>>;
  readonly #own: ReadonlyMap<string, Coder>;

  constructor(own: ReadonlyMap<string, Coder>) {
    this.#own = own;
    this.all = new Map(own);
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

  /** A coder of pairs whose values are iterables, with the same bytes but for iterables that go on in the state. */
  askingForValues(pairs: ReadableCoder): ReadableCoder {
    const [key, values] = pairs.parts;
    if (key === undefined || values === undefined) return pairs;
    const asking = this.compose(URN.coderStateBackedIterable, values.parts);
    return { ...this.compose(URN.coderKv, [key, asking]), tree: pairs.tree };
  }

  /** A coder of readable parts. */
  compose(urn: string, parts: readonly ReadableCoder[]): ReadableCoder {
    const id = this.add(
      urn,
      parts.map((part) => part.id),
    );
    return { id, tree: treeOf(urn, parts), parts };
  }

  /** Adds a coder of parts. @returns its id */
  add(urn: string, parts: readonly string[]): string {
    const id = `beam2spark_${urn}(${parts.join(",")})`;
    this.all.set(id, { spec: { urn }, componentCoderIds: parts });
    return id;
  }
}

function treeOf(urn: string, parts: readonly ReadableCoder[]): CoderTree {
  return { urn, parts: parts.map(({ tree }) => tree) };
}
