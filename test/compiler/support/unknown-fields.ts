import { ParDoPayload } from "../../../src/beam/protos/types/payloads.js";
import { type Components, Pipeline } from "../../../src/beam/protos/types/pipeline.js";
import { WireWriter } from "../../../src/beam/protos/wire-writer.js";
import { URN } from "../../../src/beam/urns.js";

/** A field that no version of the model has yet: number 9,999, holding the text. */
export function unknownField(text: string): Uint8Array {
  const writer = new WireWriter();
  writer.tag(9_999, 2);
  writer.string(text);
  return writer.finish();
}

/** The same pipeline with an unknown field in each component, inside their parts, and in the payloads of ParDos. */
export function withUnknownFields(bytes: Uint8Array): Uint8Array {
  const pipeline = Pipeline.decode(bytes);
  const { components } = pipeline;
  if (components === undefined) throw new Error("a pipeline without components");
  const marked: Components = {
    ...components,
    transforms: mapValues(components.transforms, (transform, id) => ({
      ...transform,
      unknownFields: [unknownField(`transform ${id}`)],
      spec: transform.spec && {
        ...transform.spec,
        payload: markedPayload(transform.spec.urn, transform.spec.payload, id),
        unknownFields: [unknownField(`spec of ${id}`)],
      },
    })),
    pcollections: mapValues(components.pcollections, (pcollection, id) => ({
      ...pcollection,
      unknownFields: [unknownField(`pcollection ${id}`)],
    })),
    coders: mapValues(components.coders, (coder, id) => ({
      ...coder,
      unknownFields: [unknownField(`coder ${id}`)],
    })),
    windowingStrategies: mapValues(components.windowingStrategies, (windowing, id) => ({
      ...windowing,
      unknownFields: [unknownField(`windowing ${id}`)],
    })),
    environments: mapValues(components.environments, (environment, id) => ({
      ...environment,
      unknownFields: [unknownField(`environment ${id}`)],
    })),
  };
  return Pipeline.encode({ ...pipeline, components: marked, unknownFields: [unknownField("pipeline")] });
}

function markedPayload(urn: string, payload: Uint8Array, id: string): Uint8Array {
  if (urn !== URN.parDo) return payload;
  return ParDoPayload.encode({
    ...ParDoPayload.decode(payload),
    unknownFields: [unknownField(`payload ${id}`)],
  });
}

function mapValues<V>(
  map: ReadonlyMap<string, V>,
  change: (value: V, id: string) => V,
): ReadonlyMap<string, V> {
  return new Map([...map].map(([id, value]) => [id, change(value, id)]));
}
