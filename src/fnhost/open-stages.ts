import { createHash } from "node:crypto";
import { ProcessBundleDescriptor } from "../beam/protos/types/bundle.js";
import type { Environment } from "../beam/protos/types/environment.js";
import { URN } from "../beam/urns.js";
import type { Clock } from "./columns/last-moments.js";
import type { SideBundle } from "./inputs/stage-input.js";
import { capabilitiesOf, environmentOf } from "./stage-environment.js";
import { type Grouping, stageJson } from "./stage-json.js";
import type { FnHost } from "./start-host.js";
import type { DescribedQuestion } from "./windows/describe-question.js";
import { describeEnds } from "./windows/ends-descriptor.js";
import { describeMerging } from "./windows/merge-descriptor.js";
import { describeForWorker, type StageLayouts, type WorkerStage } from "./worker-stage.js";

/** How the capability begins by which Python's SDK names itself (`beam_runner_api.proto`, StandardProtocols). */
const pythonSdk = "beam:version:sdk_base:apache/beam_python";

/** A stage that workers of this host can run. */
export interface OpenedStage extends WorkerStage {
  /** The descriptor's id: the same stage has the same, whichever task brings it. */
  readonly id: string;
  readonly name: string;
  readonly layouts: StageLayouts;
  /** Where its functions run; undefined where it has none. */
  readonly environment: Environment | undefined;
  /** What its workers declare to know. */
  readonly capabilities: ReadonlySet<string>;
  /** The full names of its transforms, by id. */
  readonly transformNames: ReadonlyMap<string, string>;
  /** Whether a transform's input is what the stage's source gives, and not what another transform makes of it. */
  isFedBySource(transform: string, input: string): boolean;
  /** The PCollection that a transform reads as an input. */
  inputOf(transform: string, input: string): string | undefined;
  readonly clock: Clock;
  /** How its rows make groups; null where each is an element. */
  readonly grouping: Grouping | null;
  /** Asks which windows merge, where a user's function says so. */
  readonly merging: SideBundle | null;
  /** Asks when windows end, where only the SDK knows it, and can be asked. */
  readonly ends: SideBundle | null;
  /** Whether the bytes of windows begin with their last moment (`beam_runner_api.proto`, CUSTOM_WINDOW). */
  readonly windowsTellEnds: boolean;
  /** Whether its rows are elements of functions with state or timers. */
  readonly isKeyed: boolean;
}

/** How long a stage is kept that no task has open, in milliseconds: not every host is told that a job is over. */
const idleMillis = 300_000;

interface KnownStage {
  readonly stage: OpenedStage;
  /** The jobs whose tasks have opened it. */
  readonly jobs: Set<string>;
  /** How many tasks have it open. */
  tasks: number;
  timer?: NodeJS.Timeout;
}

/** The stages of a host's tasks, each made ready for workers once. */
export class OpenStages {
  readonly #host: FnHost;
  readonly #idleMillis: number;
  readonly #known = new Map<string, KnownStage>();

  /** @param idle how long a stage is kept that no task has open, in milliseconds */
  constructor(host: FnHost, idle = idleMillis) {
    this.#host = host;
    this.#idleMillis = idle;
  }

  /**
   * Opens a stage for a task, which is to `leave` it.
   *
   * @throws MalformedMessageError, ZodError or SyntaxError where the stage is none
   */
  open(descriptor: Uint8Array, json: string, job: string): OpenedStage {
    const id = createHash("sha256").update(descriptor).update("\0").update(json).digest("hex");
    const known = this.#known.get(id) ?? this.#add(this.#describe(id, descriptor, json));
    clearTimeout(known.timer);
    known.jobs.add(job);
    known.tasks++;
    return known.stage;
  }

  /** Says that a task is done with its stage. */
  leave({ id }: OpenedStage): void {
    const known = this.#known.get(id);
    if (known === undefined || --known.tasks > 0) return;
    if (known.jobs.size === 0) this.#forget(known);
    else known.timer = setTimeout(() => this.#forget(known), this.#idleMillis).unref();
  }

  /** Forgets the stages that only a job's tasks have opened, those that are open as soon as they aren't: it is over. */
  endJob(job: string): void {
    for (const known of this.#known.values()) {
      known.jobs.delete(job);
      if (known.jobs.size === 0 && known.tasks === 0) this.#forget(known);
    }
  }

  #add(stage: OpenedStage): KnownStage {
    const known = { stage, jobs: new Set<string>(), tasks: 0 };
    this.#known.set(stage.id, known);
    return known;
  }

  #forget({ stage: { id, merging, ends }, timer }: KnownStage): void {
    clearTimeout(timer);
    for (const one of [id, merging?.id, ends?.id]) if (one !== undefined) this.#host.descriptors.delete(one);
    this.#known.delete(id);
  }

  #describe(id: string, descriptor: Uint8Array, json: string): OpenedStage {
    const { name, input, outputs, sideInputs } = stageJson.parse(JSON.parse(json));
    const layouts = { input: input.layout, outputs: outputs.map(({ layout }) => layout) };
    const decoded = ProcessBundleDescriptor.decode(descriptor);
    const environment = environmentOf(decoded);
    const capabilities = capabilitiesOf(environment);
    const { grouped: grouping, keyed: isKeyed } = input;
    const asksForValues = grouping !== null && capabilities.has(URN.coderStateBackedIterable);
    const forWorker = describeForWorker(decoded, {
      layouts,
      sideInputs,
      isGrouped: grouping !== null,
      asksForValues,
      host: this.#host,
    });
    const { transforms } = decoded;
    const inputOf = (transform: string, input: string) => transforms.get(transform)?.inputs.get(input);
    const [sourced] = transforms.get(forWorker.source.transform)!.outputs.values();
    const windowing = decoded.pcollections.get(sourced!)!.windowingStrategyId;
    const { windowCoderId } = decoded.windowingStrategies.get(windowing)!;
    const clock = clockOf(capabilities);
    const asksForEnds = clock === "micros" && layouts.input.window.kind === "encoded";
    const stage = {
      ...forWorker,
      id,
      name,
      layouts,
      environment,
      capabilities,
      clock,
      grouping,
      merging: this.#describeMerging(decoded, `${id}-merge`, grouping),
      ends: asksForEnds ? this.#describeEnds(decoded, `${id}-ends`, windowing) : null,
      windowsTellEnds: decoded.coders.get(windowCoderId)?.spec?.urn === URN.coderCustomWindow,
      isKeyed,
      transformNames: namesOf(decoded),
      isFedBySource: (transform: string, input: string) => inputOf(transform, input) === sourced,
      inputOf,
    };
    this.#host.descriptors.set(id, { ...(forWorker.descriptor as object), id });
    return stage;
  }

  #describeMerging(stage: ProcessBundleDescriptor, id: string, grouping: Grouping | null): SideBundle | null {
    if (grouping?.merge !== "custom") return null;
    return this.#addQuestion(describeMerging(stage, this.#host, id, grouping));
  }

  #describeEnds(stage: ProcessBundleDescriptor, id: string, windowing: string): SideBundle {
    return this.#addQuestion(describeEnds(stage, this.#host, id, windowing));
  }

  #addQuestion({ bundle, descriptor }: DescribedQuestion): SideBundle {
    this.#host.descriptors.set(bundle.id, descriptor);
    return bundle;
  }
}

/** The names of the transforms that aren't the host's own. */
function namesOf({ transforms }: ProcessBundleDescriptor): ReadonlyMap<string, string> {
  const own = [...transforms].filter(([, { spec }]) => spec?.urn.startsWith("beam2spark:") !== true);
  return new Map(own.map(([id, { uniqueName }]) => [id, uniqueName]));
}

function clockOf(capabilities: ReadonlySet<string>): Clock {
  return [...capabilities].some((urn) => urn.startsWith(pythonSdk)) ? "micros" : "millis";
}
