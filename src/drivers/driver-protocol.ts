import { z } from "zod";

/** How a driver says that a job has ended. */
export type JobOutcome = "done" | "failed" | "cancelled";

/** What the service asks of a driver, one JSON object a line. */
export type DriverCommand =
  | {
      readonly command: "run";
      readonly job: string;
      /** The folder of an emitted project. */
      readonly project: string;
      /** The arguments of its job.py. */
      readonly arguments: readonly string[];
    }
  | { readonly command: "cancel"; readonly job: string }
  | { readonly command: "stop" };

const text = z.string().nullish();
const node = z.number().nullish();
const job = z.string();

const driverEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("ready"), applicationId: text, webUrl: text }),
  z.object({ event: z.literal("node-started"), job, node }),
  z.object({ event: z.literal("node-progress"), job }),
  z.object({ event: z.literal("node-finished"), job }),
  z.object({ event: z.literal("metrics"), job }),
  z.object({
    event: z.literal("failed"),
    job,
    code: text,
    message: z.string(),
    transform: text,
    hint: text,
    traceback: text,
  }),
  z.object({
    event: z.literal("message"),
    job,
    importance: z.enum(["debug", "detailed", "basic", "warning", "error"]),
    text: z.string(),
  }),
  z.object({ event: z.literal("monitoring-infos"), job, infos: z.array(z.base64()) }),
  z.object({ event: z.literal("finished"), job, outcome: z.enum(["done", "failed", "cancelled"]) }),
]);

/** What a driver says, one JSON object a line. */
export type DriverEvent = z.output<typeof driverEvent>;

/** What a driver says of one of its jobs. */
export type DriverJobEvent = Exclude<DriverEvent, { readonly event: "ready" }>;

/** Reads a driver's line. Throws an Error for one that is no event. */
export function parseDriverEvent(line: string): DriverEvent {
  return driverEvent.parse(JSON.parse(line));
}
