import type { Components, PTransform } from "../../beam/protos/types/pipeline.js";
import { IsBounded } from "../../beam/protos/types/pipeline.js";
import type { ReadPipeline } from "../1-read/read-pipeline.js";
import { describeEnvironment } from "./describe-environment.js";
import type { Graph, TransformNode } from "./graph.js";

/** Makes the graph of a pipeline that reading has checked. */
export function buildGraph(read: ReadPipeline): Graph {
  const { components } = read;
  const names = nameByProducers(components);
  return {
    transforms: buildTransforms(components),
    pcollections: mapSorted(components.pcollections, (id, pcollection) => ({
      id,
      name: names.get(id) ?? pcollection.uniqueName,
      coder: pcollection.coderId,
      windowing: pcollection.windowingStrategyId,
      bounded: pcollection.isBounded !== IsBounded.UNBOUNDED,
    })),
    coders: mapSorted(components.coders, (id, coder) => ({
      id,
      urn: coder.spec?.urn ?? "",
      payload: coder.spec?.payload ?? new Uint8Array(0),
      components: coder.componentCoderIds,
    })),
    windowings: read.windowings,
    environments: mapSorted(components.environments, describeEnvironment),
    roots: read.pipeline.rootTransformIds,
  };
}

function buildTransforms(components: Components): ReadonlyMap<string, TransformNode> {
  const parents = new Map<string, string>();
  for (const [id, transform] of components.transforms) {
    for (const part of transform.subtransforms) parents.set(part, id);
  }
  const text = new TextDecoder();
  return mapSorted(components.transforms, (id, transform: PTransform) => {
    const annotation = (name: string): string | null => {
      const bytes = transform.annotations.get(name);
      return bytes === undefined ? null : text.decode(bytes);
    };
    return {
      id,
      name: transform.uniqueName,
      urn: transform.spec?.urn ?? "",
      payload: transform.spec?.payload ?? new Uint8Array(0),
      inputs: mapSorted(transform.inputs, (_, pcollection) => pcollection),
      outputs: mapSorted(transform.outputs, (_, pcollection) => pcollection),
      parts: transform.subtransforms,
      parent: parents.get(id) ?? null,
      environment: transform.environmentId === "" ? null : transform.environmentId,
      pythonType: annotation("python_type"),
      schemaTransform: annotation("managed_underlying_transform_urn") ?? annotation("schematransform_urn"),
    };
  });
}

/**
 * PCollections by the transform that makes them, and its tag where it has several outputs: the SDKs' own names carry
 * numbers that mean nothing to people.
 */
function nameByProducers(components: Components): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const transform of components.transforms.values()) {
    if (transform.subtransforms.length > 0) continue;
    for (const [tag, pcollection] of transform.outputs) {
      const name = transform.outputs.size === 1 ? transform.uniqueName : `${transform.uniqueName}.${tag}`;
      names.set(pcollection, name);
    }
  }
  return names;
}

/** A map of the same ids in code unit order, so that nothing depends on the order of the input's maps. */
function mapSorted<From, To>(
  map: ReadonlyMap<string, From>,
  make: (id: string, value: From) => To,
): ReadonlyMap<string, To> {
  const ids = [...map.keys()].sort();
  return new Map(ids.map((id) => [id, make(id, map.get(id)!)]));
}
