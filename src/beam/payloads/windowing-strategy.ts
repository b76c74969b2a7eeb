import { z } from "zod";
import {
  AccumulationMode,
  ClosingBehavior,
  MergeStatus,
  OnTimeBehavior,
  OutputTime,
  type Trigger,
  type WindowingStrategy as WindowingStrategyMessage,
} from "../protos/types/windowing.js";
import { checkMessage, type PayloadResult } from "./decode-payload.js";
import { enumName, functionSpec, nonEmpty } from "./parts.js";

/** The kinds of triggers: the members of the proto's oneof. */
const triggerKinds = [
  "afterAll",
  "afterAny",
  "afterEach",
  "afterEndOfWindow",
  "afterProcessingTime",
  "afterSynchronizedProcessingTime",
  "always",
  "default",
  "elementCount",
  "never",
  "orFinally",
  "repeat",
] as const satisfies readonly (keyof Trigger)[];

/** What the outermost trigger is. */
export type TriggerKind = (typeof triggerKinds)[number];

const trigger = z.unknown().transform((value, context): TriggerKind => {
  const kind = triggerKinds.find((candidate) => (value as Trigger | undefined)?.[candidate] !== undefined);
  if (kind !== undefined) return kind;
  context.addIssue({ code: "custom", message: value === undefined ? "is missing" : "is of no known kind" });
  return z.NEVER;
});

const schema = z.object({
  windowFn: functionSpec,
  mergeStatus: enumName(MergeStatus),
  windowCoderId: nonEmpty,
  trigger,
  accumulationMode: enumName(AccumulationMode),
  outputTime: enumName(OutputTime),
  closingBehavior: enumName(ClosingBehavior),
  allowedLateness: z.bigint(),
  onTimeBehavior: enumName(OnTimeBehavior),
  assignsToOneWindow: z.boolean(),
  environmentId: z.string(),
});

/** A checked `WindowingStrategy`: enums by name, the trigger by its outermost kind. */
export type WindowingStrategy = Readonly<z.output<typeof schema>>;

/** Checks a windowing strategy (`beam_runner_api.proto`, WindowingStrategy). */
export function checkWindowingStrategy(strategy: WindowingStrategyMessage): PayloadResult<WindowingStrategy> {
  return checkMessage(schema, strategy);
}
