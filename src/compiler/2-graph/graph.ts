import type { WindowingStrategy } from "../../beam/payloads/windowing-strategy.js";

/**
 * The expanded DAG of a pipeline, as the later phases walk it: transforms with their place in the hierarchy,
 * PCollections with their one producer and their consumers among the leaves. Nothing of it is changed after
 * `buildGraph` returns.
 */
export interface TransformNode {
  readonly id: string;
  /** Beam's name, the path of labels joined by "/". */
  readonly name: string;
  readonly urn: string;
  readonly payload: Uint8Array;
  /** Tag to PCollection id, sorted by tag. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
  readonly parts: readonly string[];
  readonly parent: string | null;
  readonly environment: string | null;
  /** What the Python SDK says about itself, such as `apache_beam.io.textio.ReadFromText`. */
  readonly pythonType: string | null;
  /**
   * The identifier of the schema transform that it is, such as `beam:schematransform:org.apache.beam:iceberg_read:v1`;
   * of a managed one that of what it manages (`external_transforms.proto`, Annotations).
   */
  readonly schemaTransform: string | null;
}

export interface PCollectionNode {
  readonly id: string;
  readonly name: string;
  readonly coder: string;
  readonly windowing: string;
  readonly bounded: boolean;
}

export interface CoderNode {
  readonly id: string;
  readonly urn: string;
  readonly payload: Uint8Array;
  readonly components: readonly string[];
}

export interface EnvironmentNode {
  readonly id: string;
  readonly urn: string;
  /** How a person knows it: the container image, the command or the address. */
  readonly description: string;
  readonly language: "python" | "java" | "go" | "other";
  /** Beam's version, such as "2.77.0", where the environment says it. */
  readonly sdkVersion: string | null;
  /** Python's minor version, such as "3.11", where the environment says it. */
  readonly pythonVersion: string | null;
  /** What its transforms would like to have, such as "min_ram_bytes 2000000000", in code unit order. */
  readonly resourceHints: readonly string[];
}

export interface Graph {
  /** By id, ids in code unit order, so that nothing depends on the order of the input's maps. */
  readonly transforms: ReadonlyMap<string, TransformNode>;
  readonly pcollections: ReadonlyMap<string, PCollectionNode>;
  readonly coders: ReadonlyMap<string, CoderNode>;
  readonly windowings: ReadonlyMap<string, WindowingStrategy>;
  readonly environments: ReadonlyMap<string, EnvironmentNode>;
  readonly roots: readonly string[];
}
