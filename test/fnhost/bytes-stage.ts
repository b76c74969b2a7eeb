import type { Draft } from "../../src/beam/protos/message-type.js";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import { ParDoPayload } from "../../src/beam/protos/types/payloads.js";
import type { Coder, PTransform } from "../../src/beam/protos/types/pipeline.js";
import { URN } from "../../src/beam/urns.js";
import type { Layout } from "../../src/compiler/4-physical/layout.js";
import { BatchWriter } from "../../src/fnhost/arrow/batch-writer.js";
import { readBatches } from "../../src/fnhost/arrow/read-batches.js";
import { BinaryBuilder } from "../../src/fnhost/columns/binary-builder.js";
import type { BuiltColumn } from "../../src/fnhost/columns/built-column.js";

/** Plain bytes, of which nobody reads when and where they are. */
export const bytesLayout: Layout = {
  value: { kind: "bytes" },
  timestamp: { kind: "dropped" },
  window: { kind: "dropped" },
  pane: { kind: "dropped" },
};

/** What the host makes of bytes on the data stream: the header of such an element. */
const header = Buffer.from("7fdf3b645a1cac09000000010f", "hex");

/** The parts of a stage of one function, `Do`, over plain bytes. */
export interface BytesStage {
  readonly descriptor: Uint8Array;
  readonly stage: string;
}

/** Pairs of bytes in the global window. */
export const pairsLayout: Layout = {
  value: { kind: "kv", key: { kind: "bytes" }, value: { kind: "bytes" } },
  timestamp: { kind: "dropped" },
  window: { kind: "global" },
  pane: { kind: "dropped" },
};

/** Side inputs of pairs by their tags, each with the way in which it is read. */
type SideInputs = Readonly<Record<string, "iterable" | "multimap">>;

/**
 * A stage whose one transform has the id `do` and the name `Outer/Do`, for workers that run no functions.
 *
 * @param capabilities of its environment
 */
export function bytesStage(
  sideInputs: SideInputs = {},
  capabilities: readonly string[] = [URN.protocolProgressReporting],
): BytesStage {
  const tags = Object.keys(sideInputs);
  const inputs = new Map([["in", "source"], ...tags.map((tag) => [tag, `side-${tag}`] as const)]);
  const accessPatterns = tags.map(
    (tag) => [tag, { accessPattern: { urn: `beam:side_input:${sideInputs[tag]}:v1` } }] as const,
  );
  const descriptor = ProcessBundleDescriptor.encode({
    id: "stage",
    transforms: new Map<string, Draft<PTransform>>([
      ["beam2spark_source", port("source", new Map(), new Map([["out", "source"]]))],
      [
        "do",
        {
          uniqueName: "Outer/Do",
          environmentId: "own",
          spec: { urn: URN.parDo, payload: ParDoPayload.encode({ sideInputs: new Map(accessPatterns) }) },
          inputs,
          outputs: new Map([["out", "made"]]),
        },
      ],
      ["beam2spark_sink_0", port("sink", new Map([["in", "made"]]), new Map())],
    ]),
    pcollections: new Map([
      ["source", { coderId: "bytes", windowingStrategyId: "global" }],
      ["made", { coderId: "bytes", windowingStrategyId: "global" }],
      ...tags.map((tag) => [`side-${tag}`, { coderId: "pairs", windowingStrategyId: "global" }] as const),
    ]),
    coders: new Map<string, Draft<Coder>>([
      ["pairs", { spec: { urn: URN.coderKv }, componentCoderIds: ["bytes", "bytes"] }],
      ["bytes", { spec: { urn: URN.coderBytes } }],
      ["window", { spec: { urn: URN.coderGlobalWindow } }],
    ]),
    windowingStrategies: new Map([["global", { windowCoderId: "window" }]]),
    environments: new Map([["own", { capabilities }]]),
  });
  const stage = JSON.stringify({
    name: "s01_do",
    transforms: ["Outer/Do"],
    input: { pcollection: "source", layout: bytesLayout, grouped: null },
    outputs: [{ pcollection: "made", layout: bytesLayout, combine: null }],
    sideInputs: tags.map((tag) => ({ pcollection: `side-${tag}`, layout: pairsLayout })),
  });
  return { descriptor, stage };
}

function port(
  kind: string,
  inputs: ReadonlyMap<string, string>,
  outputs: ReadonlyMap<string, string>,
): Draft<PTransform> {
  return { spec: { urn: `beam2spark:transform:${kind}:v1` }, inputs, outputs };
}

/** Rows of bytes, as an Arrow stream. */
export function bytesRows(values: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(new BatchWriter(bytesLayout).write(new Map([["value", columnOf(values)]])));
}

/** Rows of pairs, as an Arrow stream. */
export function pairRows(pairs: readonly (readonly [key: string, value: Uint8Array])[]): Uint8Array {
  const keys = columnOf(pairs.map(([key]) => Buffer.from(key)));
  const values = columnOf(pairs.map(([, value]) => value));
  return Buffer.concat(
    new BatchWriter(pairsLayout).write(
      new Map([
        ["key", keys],
        ["value", values],
      ]),
    ),
  );
}

function columnOf(values: readonly Uint8Array[]): BuiltColumn {
  const column = new BinaryBuilder();
  for (const value of values) {
    column.out.bytes(value);
    column.end();
  }
  return column.finish();
}

/** Rows of texts, as an Arrow stream. */
export function textRows(...texts: readonly string[]): Uint8Array {
  return bytesRows(texts.map((text) => Buffer.from(text)));
}

/** The texts of rows. */
export function readTexts(streams: readonly Uint8Array[]): readonly string[] {
  return streams.flatMap(readBatches).flatMap(({ length, columns }) => {
    const { offsets, values, offset } = columns.get("value")!;
    return Array.from({ length }, (_, row) =>
      Buffer.from(values!.subarray(offsets![row + offset]!, offsets![row + offset + 1]!)).toString(),
    );
  });
}

/** Texts of fewer than 128 bytes as elements of a data stream. */
export function elementsOf(...texts: readonly string[]): Uint8Array {
  return Buffer.concat(
    texts.flatMap((text) => [header, Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]),
  );
}
