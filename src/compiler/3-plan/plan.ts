import type { CombinedIntegers, KnownCombiner } from "./known-combiner.js";

/**
 * The logical plan: what has to be done, at which level, and which lanes each step may take. It is plain JSON and knows
 * no target, but for which combiners have an aggregate there (`PlanChoice`). Nodes are in topological order: every input
 * is made by an earlier node.
 */
export interface Plan {
  readonly mode: ModeDecision;
  readonly nodes: readonly PlanNode[];
  /** Every PCollection that a node makes or reads, by id. */
  readonly pcollections: Readonly<Record<string, PlanPCollection>>;
  /** What the compiler added to the pipeline's own components. */
  readonly added: AddedComponents;
  /** Composites that were looked at and not taken whole, with the reason. */
  readonly declined: readonly DeclinedLevel[];
}

export interface ModeDecision {
  readonly mode: "batch" | "streaming";
  /** The PCollection that decided: the first unbounded one, or null. */
  readonly decidedBy: string | null;
  readonly reason: string;
}

export interface DeclinedLevel {
  readonly transform: string;
  readonly name: string;
  readonly reason: string;
}

export type Lane = "native" | "in-process" | "fn-api";

/** May a node run in this lane, and why (not); without a reason where the user has asked for it. */
export interface LaneOption {
  readonly lane: Lane;
  readonly possible: boolean;
  readonly reason: string;
}

interface PlanNodeBase {
  readonly id: string;
  /** Beam names of what this node does, outermost transform first. */
  readonly names: readonly string[];
  /** The URN or Python type at which the translation happens. */
  readonly level: string;
  readonly lanes: readonly LaneOption[];
  readonly reason: string;
}

export interface ImpulseNode extends PlanNodeBase {
  readonly kind: "impulse";
  readonly output: string;
}

/** A bounded source that is read whole, without its parts. */
export interface ReadNode extends PlanNodeBase {
  readonly kind: "read";
  readonly output: string;
  readonly source: ReadSource;
}

export type ReadSource =
  | { readonly kind: "text"; readonly pattern: string; readonly compression: "auto" | "uncompressed" }
  | { readonly kind: "parquet"; readonly pattern: string; readonly columns: readonly string[] | null }
  /** `transform` names the transform whose ReadPayload holds the pickled source. */
  | { readonly kind: "python"; readonly className: string; readonly transform: string };

/** User-function transforms that run one after the other on the same element, fused. */
export interface StageNode extends PlanNodeBase {
  readonly kind: "stage";
  readonly input: string;
  /** Transform ids, the pipeline's own or added ones, producers first. */
  readonly transforms: readonly string[];
  readonly sideInputs: readonly SideInputUse[];
  /** How the input must come for functions that have state or timers; null where nobody cares. */
  readonly keyed: KeyedInput | null;
  /** PCollections that something outside of the stage reads. */
  readonly outputs: readonly string[];
  readonly environment: string | null;
}

/** The elements of one key and window come one after the other, in one task. */
export interface KeyedInput {
  /** The functions that want it so. */
  readonly names: readonly string[];
  /** They come in the order of their timestamps. */
  readonly sortedByTime: boolean;
}

export interface SideInputUse {
  readonly transform: string;
  readonly tag: string;
  readonly pcollection: string;
}

export interface GroupByKeyNode extends PlanNodeBase {
  readonly kind: "group-by-key";
  readonly input: string;
  readonly output: string;
  readonly merge: WindowMerge;
  readonly timestamp: GroupTimestamp;
}

/**
 * What becomes of the windows of one key: each has a group, overlapping ones are a session, or the window function
 * of the input's windowing strategy says which ones merge.
 */
export type WindowMerge = "none" | "sessions" | "custom";

/** The timestamp of a group: its window's maximum, or one of its elements'. */
export type GroupTimestamp = "end-of-window" | "earliest" | "latest";

/** A combine per key whose function the target has as an aggregate. */
export interface CombineNode extends PlanNodeBase {
  readonly kind: "combine";
  readonly input: string;
  readonly output: string;
  /** Its input has pairs of a key and a value, or the keys alone, which are counted. */
  readonly reads: "pairs" | "elements";
  readonly combiner: KnownCombiner;
  /** What the integers that are combined, or the counts, are; null where the values are none, or aren't looked at. */
  readonly integers: CombinedIntegers | null;
  /** How many values `largest` and `smallest` keep. */
  readonly limit?: number;
  readonly timestamp: GroupTimestamp;
}

export interface FlattenNode extends PlanNodeBase {
  readonly kind: "flatten";
  /** A PCollection may stand here twice: its elements are then there twice. */
  readonly inputs: readonly string[];
  readonly output: string;
}

export interface ReshuffleNode extends PlanNodeBase {
  readonly kind: "reshuffle";
  /** What follows must see the same elements when it is tried again, although user code may make others. */
  readonly stable: boolean;
  readonly input: string;
  readonly output: string;
}

export type PlanNode =
  | ImpulseNode
  | ReadNode
  | StageNode
  | GroupByKeyNode
  | CombineNode
  | FlattenNode
  | ReshuffleNode;

export interface PlanPCollection {
  readonly id: string;
  readonly name: string;
  readonly coder: string;
  readonly windowing: string;
  readonly window: WindowColumns;
  /** What is proved of every element's timestamp and pane, without running anything. */
  readonly timestamp: ConstantTimestamp;
  readonly pane: ConstantPane;
  /** What somebody downstream may read. */
  readonly read: MetadataReads;
}

/** A window as columns: none for the global one, start and end, or the bytes of its coder. */
export type WindowColumns = "global" | "interval" | "encoded";

/** Milliseconds as a decimal string, the window's end, or nothing proved. */
export type ConstantTimestamp =
  | { readonly kind: "constant"; readonly millis: string }
  | { readonly kind: "end-of-window" }
  | { readonly kind: "varies" };

/** The pane's encoding in hexadecimal, or nothing proved. */
export type ConstantPane =
  | { readonly kind: "constant"; readonly bytes: string }
  | { readonly kind: "varies" };

export interface MetadataReads {
  readonly timestamp: boolean;
  readonly window: boolean;
  readonly pane: boolean;
}

export interface AddedComponents {
  readonly transforms: Readonly<Record<string, AddedTransform>>;
  readonly pcollections: Readonly<Record<string, AddedPCollection>>;
  readonly coders: Readonly<Record<string, AddedCoder>>;
}

/** A part of a transform that the SDK leaves to the runner, such as `pair_with_restriction`. */
export interface AddedTransform {
  readonly name: string;
  readonly urn: string;
  /** The pipeline's transform whose payload and environment it has. */
  readonly like: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface AddedPCollection {
  readonly name: string;
  readonly coder: string;
  readonly windowing: string;
}

export interface AddedCoder {
  readonly urn: string;
  readonly components: readonly string[];
}
