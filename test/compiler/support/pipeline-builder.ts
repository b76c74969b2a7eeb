import type { Draft, Message } from "../../../src/beam/protos/message-type.js";
import { DockerPayload, type Environment } from "../../../src/beam/protos/types/environment.js";
import { CombinePayload, ParDoPayload, WindowIntoPayload } from "../../../src/beam/protos/types/payloads.js";
import {
  type Coder,
  IsBounded,
  type PCollection,
  Pipeline,
  type PTransform,
} from "../../../src/beam/protos/types/pipeline.js";
import {
  AccumulationMode,
  ClosingBehavior,
  FixedWindowsPayload,
  MergeStatus,
  OnTimeBehavior,
  OutputTime,
  type WindowingStrategy,
} from "../../../src/beam/protos/types/windowing.js";
import { URN } from "../../../src/beam/urns.js";
import { type ReadPipeline, readPipeline } from "../../../src/compiler/1-read/read-pipeline.js";
import { readCaptured } from "../../beam-pickle/captured.js";
import { unwrap } from "./compile-fixture.js";

/** What a ParDo may have beside its main input. */
export interface ParDoParts {
  /** A coder per output; tags are their places. One output of bytes where this is left out. */
  readonly outputs?: readonly string[];
  readonly sideInputs?: readonly string[];
  readonly environment?: string;
  /** The coder of restrictions, of a splittable function. */
  readonly restriction?: string;
  /** It has a state cell, which needs an input of pairs. */
  readonly stateful?: boolean;
  readonly sortedByTime?: boolean;
  readonly stableInput?: boolean;
  /** Its function, which `test/beam-pickle/data` holds; one that can't be read where this is left out. */
  readonly captured?: string;
}

type Drafts<T extends Message> = Map<string, Draft<T>>;

/**
 * Makes pipelines transform by transform, as an SDK does: each method adds a transform and gives the id of the
 * PCollection that it makes. Coders are named by what they are: `kv(utf8,varint)`.
 */
export class PipelineBuilder {
  readonly transforms: Drafts<PTransform> = new Map();
  readonly pcollections: Drafts<PCollection> = new Map();
  readonly coders: Drafts<Coder> = new Map();
  readonly windowings: Drafts<WindowingStrategy> = new Map();
  readonly environments: Drafts<Environment> = new Map();
  readonly roots: string[] = [];
  readonly #kinds = new Map<string, { readonly coder: string; readonly windowing: string }>();

  constructor() {
    this.coder("windowCoder", { spec: { urn: URN.coderGlobalWindow } });
    this.coder("intervalCoder", { spec: { urn: URN.coderIntervalWindow } });
    this.windowings.set("global", windowing({ windowFn: { urn: URN.windowFnGlobal } }));
    this.windowings.set("fixed", windowing({ windowFn: fixedWindows, windowCoderId: "intervalCoder" }));
    this.environments.set("python", pythonEnvironment("3.11", "2.77.0"));
  }

  impulse(name = "Impulse"): string {
    return this.add(name, URN.impulse, [], ["bytes"])[0]!;
  }

  /** A ParDo with one output. */
  parDo(name: string, input: string, parts: ParDoParts = {}): string {
    return this.parDos(name, input, parts)[0]!;
  }

  /** A ParDo with any number of outputs. */
  parDos(name: string, input: string, parts: ParDoParts = {}): readonly string[] {
    const sides = parts.sideInputs ?? [];
    const { captured } = parts;
    const fn = captured === undefined ? new Uint8Array([1, 2, 3]) : readCaptured("cloudpickle", captured);
    const payload = ParDoPayload.encode({
      doFn: { urn: "beam:dofn:pickled_python_info:v1", payload: fn },
      sideInputs: new Map(
        sides.map((_, index) => [
          `side${index}`,
          {
            accessPattern: { urn: URN.sideInputIterable },
            viewFn: { urn: "beam:side_inputs:view_fn:test:v1" },
            windowMappingFn: { urn: "beam:window_mapping_fn:test:v1" },
          },
        ]),
      ),
      stateSpecs: new Map(
        parts.stateful === true ? [["seen", { bagSpec: { elementCoderId: this.coderId("varint") } }]] : [],
      ),
      requiresTimeSortedInput: parts.sortedByTime === true,
      requiresStableInput: parts.stableInput === true,
      ...(parts.restriction === undefined ? {} : { restrictionCoderId: this.coderId(parts.restriction) }),
    });
    const inputs = new Map([["in", input], ...sides.map((side, index) => [`side${index}`, side] as const)]);
    return this.add(name, URN.parDo, inputs, parts.outputs ?? ["bytes"], {
      payload,
      environment: parts.environment ?? "python",
      windowing: this.kindOf(input).windowing,
    });
  }

  groupByKey(name: string, input: string): string {
    const [key, value] = kvParts(this.kindOf(input).coder);
    return this.add(name, URN.groupByKey, [input], [`kv(${key},iterable(${value}))`], like(this, input))[0]!;
  }

  /** A CombinePerKey whose function `test/beam-pickle/data` holds, such as "combine-sum". */
  combine(name: string, input: string, captured: string, output = "any"): string {
    const payload = CombinePayload.encode({
      combineFn: { urn: "beam:combinefn:pickled_python:v1", payload: readCaptured("cloudpickle", captured) },
      accumulatorCoderId: this.coderId("any"),
    });
    const [key] = kvParts(this.kindOf(input).coder);
    return this.add(name, URN.combinePerKey, [input], [`kv(${key},${output})`], {
      ...like(this, input),
      payload,
      environment: "python",
    })[0]!;
  }

  flatten(name: string, inputs: readonly string[], coder?: string): string {
    const [first] = inputs;
    const kind = first === undefined ? { coder: "bytes", windowing: "global" } : this.kindOf(first);
    return this.add(name, URN.flatten, inputs, [coder ?? kind.coder], kind)[0]!;
  }

  reshuffle(name: string, input: string, coder = this.kindOf(input).coder): string {
    return this.add(name, URN.reshuffle, [input], [coder], like(this, input))[0]!;
  }

  windowInto(name: string, input: string, windowing: string): string {
    const windowFn = windowing === "global" ? { urn: URN.windowFnGlobal } : fixedWindows;
    const payload = WindowIntoPayload.encode({ windowFn });
    const options = { payload, environment: "python", windowing };
    return this.add(name, URN.windowInto, [input], [this.kindOf(input).coder], options)[0]!;
  }

  /** Adds a transform of any kind. @returns the PCollections that it makes, of these coders */
  add(
    name: string,
    urn: string,
    inputs: readonly string[] | ReadonlyMap<string, string>,
    outputs: readonly string[],
    options: {
      readonly payload?: Uint8Array;
      readonly environment?: string;
      readonly windowing?: string;
    } = {},
  ): readonly string[] {
    const id = `t${this.transforms.size + 1}`;
    const made = outputs.map((coder, index) => {
      const pcollection = `p${this.pcollections.size + 1}`;
      const kind = { coder, windowing: options.windowing ?? "global" };
      this.#kinds.set(pcollection, kind);
      this.pcollections.set(pcollection, {
        uniqueName: `${name}.${index}`,
        coderId: this.coderId(coder),
        isBounded: IsBounded.BOUNDED,
        windowingStrategyId: kind.windowing,
      });
      return pcollection;
    });
    this.transforms.set(id, {
      uniqueName: name,
      spec: { urn, ...(options.payload === undefined ? {} : { payload: options.payload }) },
      inputs:
        inputs instanceof Map ? inputs : new Map([...inputs.values()].map((one, index) => [`${index}`, one])),
      outputs: new Map(made.map((one, index) => [`${index}`, one])),
      ...(options.environment === undefined ? {} : { environmentId: options.environment }),
    });
    this.roots.push(id);
    return made;
  }

  /** Adds or replaces a coder. */
  coder(id: string, coder: Draft<Coder>): void {
    this.coders.set(id, coder);
  }

  /** The id of a coder, which is made where it is not there yet. */
  coderId(name: string): string {
    if (this.coders.has(name)) return name;
    const composed = /^(kv|iterable|nullable)\((.*)\)$/.exec(name);
    if (composed === null) {
      this.coder(name, { spec: { urn: scalarCoders[name] ?? `test:coder:${name}:v1` } });
    } else {
      const urn = { kv: URN.coderKv, iterable: URN.coderIterable, nullable: URN.coderNullable }[
        composed[1]!
      ]!;
      const parts = splitParts(composed[2]!);
      this.coder(name, { spec: { urn }, componentCoderIds: parts.map((part) => this.coderId(part)) });
    }
    return name;
  }

  kindOf(pcollection: string): { readonly coder: string; readonly windowing: string } {
    const kind = this.#kinds.get(pcollection);
    if (kind === undefined) throw new Error(`nothing makes ${pcollection}`);
    return kind;
  }

  bytes(): Uint8Array {
    return Pipeline.encode({
      components: {
        transforms: this.transforms as never,
        pcollections: this.pcollections as never,
        coders: this.coders as never,
        windowingStrategies: this.windowings as never,
        environments: this.environments as never,
      },
      rootTransformIds: this.roots,
    });
  }

  /** Reads the pipeline, which must be well-formed. */
  read(name = "test"): ReadPipeline {
    return readBytes(this.bytes(), name);
  }
}

/** Reads a pipeline's bytes, which must be well-formed. */
export function readBytes(content: Uint8Array, name = "test"): ReadPipeline {
  return unwrap(readPipeline({ name, content, options: {}, artifacts: [] }));
}

/** The environment that Python's SDK names, of these versions. */
export function pythonEnvironment(python: string, sdk: string): Draft<Environment> {
  return {
    urn: URN.environmentDocker,
    payload: DockerPayload.encode({ containerImage: `apache/beam_python${python}_sdk:${sdk}` }),
    capabilities: [`beam:version:sdk_base:apache/beam_python${python}_sdk:${sdk}`],
  };
}

/** A windowing strategy as SDKs make it by default, with changes. */
export function windowing(changes: Draft<WindowingStrategy>): Draft<WindowingStrategy> {
  return {
    mergeStatus: MergeStatus.NON_MERGING,
    windowCoderId: "windowCoder",
    trigger: { default: {} },
    accumulationMode: AccumulationMode.DISCARDING,
    outputTime: OutputTime.END_OF_WINDOW,
    closingBehavior: ClosingBehavior.EMIT_IF_NONEMPTY,
    onTimeBehavior: OnTimeBehavior.FIRE_ALWAYS,
    assignsToOneWindow: true,
    environmentId: "python",
    ...(changes as object),
  };
}

const fixedWindows = {
  urn: URN.windowFnFixed,
  payload: FixedWindowsPayload.encode({ size: { seconds: 60n } }),
};

const scalarCoders: Readonly<Record<string, string>> = {
  bytes: URN.coderBytes,
  utf8: URN.coderStringUtf8,
  varint: URN.coderVarint,
  double: URN.coderDouble,
  bool: URN.coderBool,
  any: "beam:coder:pickled_python:v1",
};

function like(builder: PipelineBuilder, input: string): { readonly windowing: string } {
  return { windowing: builder.kindOf(input).windowing };
}

function kvParts(coder: string): readonly [key: string, value: string] {
  const [key, value] = splitParts(/^kv\((.*)\)$/.exec(coder)?.[1] ?? "");
  if (key === undefined || value === undefined) throw new Error(`${coder} is no coder of pairs`);
  return [key, value];
}

/** Splits at the commas that are in no parentheses. */
function splitParts(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index <= text.length; index++) {
    const character = text[index];
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === undefined || (character === "," && depth === 0)) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return parts;
}
