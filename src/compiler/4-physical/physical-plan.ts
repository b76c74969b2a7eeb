import type { CombinedIntegers, KnownCombiner } from "../3-plan/known-combiner.js";
import type { GroupTimestamp, Lane, ModeDecision, WindowMerge } from "../3-plan/plan.js";
import type { Layout } from "./layout.js";
import type { Target } from "./target.js";

/**
 * One target's and one mode's answer to a plan: for every step its lane, exchange, layout, what is kept once, and
 * the Spark API that does it, each with its reason. Plain JSON; what is emitted depends on nothing else.
 */
export interface PhysicalPlan {
  readonly target: Target;
  readonly mode: ModeDecision;
  readonly pipeline: PipelineFacts;
  /** In the order in which the driver runs them. */
  readonly nodes: readonly PhysicalNode[];
}

/** What the pipeline says about where it comes from. */
export interface PipelineFacts {
  readonly name: string;
  readonly sdkVersion: string | null;
  readonly pythonVersion: string | null;
}

/** An output of an earlier node. */
export interface OutputReference {
  readonly node: string;
  readonly output: number;
}

/**
 * How often a node's rows are computed.
 * `lazy`: each time somebody reads them, and one reader does. `persist`: once, kept on the executors.
 * `checkpoint`: once, kept in files that outlive an executor. `run`: once, for what it does; nobody reads it.
 * `collect`: once, to the driver, for a side input.
 */
export type Materialisation = "lazy" | "persist" | "checkpoint" | "run" | "collect";

interface PhysicalNodeBase {
  readonly id: string;
  /** From 1, in the order of the plan; PLAN.txt, the emitted job and progress show it. */
  readonly number: number;
  /** A Python and Scala identifier, unique in the plan. */
  readonly variable: string;
  /** Beam's names of what the node does. */
  readonly names: readonly string[];
  readonly level: string;
  readonly lane: Lane;
  readonly reason: string;
  /** The Spark API that does the work. */
  readonly api: string;
  readonly materialisation: Materialisation;
  readonly materialisationReason: string;
}

export interface PhysicalOutput {
  readonly pcollection: string;
  readonly name: string;
  readonly layout: Layout;
}

export interface PhysicalImpulse extends PhysicalNodeBase {
  readonly kind: "impulse";
  readonly outputs: readonly PhysicalOutput[];
}

export interface PhysicalReadText extends PhysicalNodeBase {
  readonly kind: "read-text";
  readonly pattern: string;
  /** Whether a file's name says how it is compressed, or none is. */
  readonly compression: "auto" | "uncompressed";
  readonly outputs: readonly PhysicalOutput[];
}

export interface PhysicalReadParquet extends PhysicalNodeBase {
  readonly kind: "read-parquet";
  readonly pattern: string;
  /** Names of columns, or beginnings of nested ones; null for all. */
  readonly columns: readonly string[] | null;
  readonly outputs: readonly PhysicalOutput[];
}

export interface PhysicalReadDataSource extends PhysicalNodeBase {
  readonly kind: "read-data-source";
  /** The base name of its files under `stages/`. */
  readonly stage: string;
  /** The transform whose ReadPayload holds the source. */
  readonly transform: string;
  readonly outputs: readonly PhysicalOutput[];
}

/** User functions, called inside Spark's Python workers or in workers of their SDK. */
export interface PhysicalStage extends PhysicalNodeBase {
  readonly kind: "stage";
  /** Whose functions it has, or, without functions, whose coders; null where only standard coders are at work. */
  readonly environment: string | null;
  readonly stage: string;
  readonly input: OutputReference;
  readonly inputPCollection: string;
  readonly inputLayout: Layout;
  /** Its input's rows are splits, which it reads as the partitions of a data source. */
  readonly readsSplits: boolean;
  /** How the input's rows make groups, or null; the layout is that of the pairs that were grouped. */
  readonly grouped: Grouping | null;
  /** The input's rows come key by key, for functions with state or timers. */
  readonly keyed: boolean;
  /** Empty where the stage only changes a layout. */
  readonly transforms: readonly string[];
  /** Nodes that collected the side inputs, and for what PCollection. */
  readonly sideInputs: readonly StageSideInput[];
  readonly outputs: readonly StageOutput[];
}

/** How a reader makes groups of rows that lie side by side. */
export interface Grouping {
  /** The group-by-key's name, for errors. */
  readonly name: string;
  readonly merge: WindowMerge;
  readonly timestamp: GroupTimestamp;
  /** The windowing strategy whose function merges windows: that of the pairs. */
  readonly windowing: string;
}

export interface StageSideInput {
  readonly node: string;
  readonly pcollection: string;
  readonly layout: Layout;
}

export interface StageOutput extends PhysicalOutput {
  /** Values of equal keys are folded in the worker before rows leave it. */
  readonly combine: FoldedCombiner | null;
}

/** Combiners whose values a worker folds before they are shuffled; of elements that are counted it makes the pairs. */
export type FoldedCombiner = "sum" | "count" | "count-elements" | "min" | "max";

/** Rows of equal key and window side by side in one partition; of equal key where windows merge. */
export interface PhysicalGroup extends PhysicalNodeBase {
  readonly kind: "group";
  readonly input: OutputReference;
  /** Columns whose equal values meet in one partition. */
  readonly by: readonly string[];
  /** The order within a partition. */
  readonly sort: readonly SortColumn[];
  /** The layout of the rows, which are still the ungrouped pairs. */
  readonly outputs: readonly PhysicalOutput[];
}

export interface SortColumn {
  readonly name: string;
  readonly descending: boolean;
}

export interface PhysicalAggregate extends PhysicalNodeBase {
  readonly kind: "aggregate";
  readonly input: OutputReference;
  readonly by: readonly string[];
  /** The rows are elements, not pairs: their value becomes the key. */
  readonly elements: boolean;
  readonly combiner: KnownCombiner;
  /** The rows hold partial results already: counts are summed, not counted. */
  readonly partial: boolean;
  /** The kind of the values that are aggregated. */
  readonly valueKind: string;
  /** Of integers: whether their sums have any size, or how many bits of them stay; null for other values. */
  readonly width: CombinedIntegers["width"] | null;
  /** How many values `largest` and `smallest` keep. */
  readonly limit?: number;
  /** Which timestamp of its rows the result has, where it is a column of theirs. */
  readonly timestamp: "earliest" | "latest" | null;
  readonly outputs: readonly PhysicalOutput[];
}

/** A column of a union's input: the input's own, or one that is constant there and varies elsewhere. */
export type UnionColumn =
  | { readonly name: string; readonly from: "column" }
  | { readonly name: string; readonly from: "constant"; readonly type: "bigint"; readonly value: string }
  | { readonly name: string; readonly from: "constant"; readonly type: "binary"; readonly value: string }
  | { readonly name: string; readonly from: "window-end" };

export interface UnionInput extends OutputReference {
  /** The columns to select so that all inputs have the same, or null where they have them already. */
  readonly columns: readonly UnionColumn[] | null;
}

export interface PhysicalUnion extends PhysicalNodeBase {
  readonly kind: "union";
  /** Empty for a flatten of nothing. */
  readonly inputs: readonly UnionInput[];
  readonly outputs: readonly PhysicalOutput[];
}

export interface PhysicalSpread extends PhysicalNodeBase {
  readonly kind: "spread";
  readonly stable: boolean;
  readonly input: OutputReference;
  readonly outputs: readonly PhysicalOutput[];
}

/** All elements of a PCollection, brought to the driver once and broadcast to the tasks that read them. */
export interface PhysicalSideInput extends PhysicalNodeBase {
  readonly kind: "side-input";
  readonly input: OutputReference;
  readonly pcollection: string;
  readonly layout: Layout;
  readonly outputs: readonly PhysicalOutput[];
}

export type PhysicalNode =
  | PhysicalImpulse
  | PhysicalReadText
  | PhysicalReadParquet
  | PhysicalReadDataSource
  | PhysicalStage
  | PhysicalGroup
  | PhysicalAggregate
  | PhysicalUnion
  | PhysicalSpread
  | PhysicalSideInput;
