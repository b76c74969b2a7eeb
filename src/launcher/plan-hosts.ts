import { availableParallelism } from "node:os";
import { diagnose } from "../diagnostics/diagnose.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { isLoopbackHost } from "../machine/loopback-host.js";
import { readOption } from "./spark-settings.js";

/** How the hosts of a job on this machine are started. */
export interface HostPlan {
  /** How many there are: tasks are spread over them. */
  readonly count: number;
  /** Where they listen for workers, `HOST:PORT`; undefined for the loopback interface. */
  readonly bind: string | undefined;
  /** The name under which workers on other machines reach them. */
  readonly advertise: string | undefined;
}

/** A host passes on what workers of about so many slots take, each in a program of one thread. */
const slotsPerHost = 4;

/** Plans the hosts of a local master, from the user's settings and the job's arguments, which win. */
export function planHosts(
  settings: ReadonlyMap<string, string>,
  jobArguments: readonly string[],
  master: string,
): HostPlan {
  const find = (option: string, setting: string): string | undefined =>
    readOption(jobArguments, option) ?? settings.get(`spark.beam2spark.${setting}`);
  const asked = Number(find("hosts", "hosts") ?? 0);
  return {
    count: asked >= 1 ? Math.floor(asked) : Math.ceil(countSlots(master) / slotsPerHost),
    bind: find("host-bind", "hostBind"),
    advertise: find("host-advertise", "hostAdvertise"),
  };
}

/** Warns where hosts are to listen where others than this machine's users can connect (`launch/host-open-to-others`). */
export function warnOfOthers({ bind }: HostPlan): readonly Diagnostic[] {
  if (bind === undefined || isLoopbackHost(bind.replace(/:\d+$/, ""))) return [];
  return [diagnose("launch/host-open-to-others", {}, { bind })];
}

/** How many tasks a local master runs at once. */
function countSlots(master: string): number {
  const slots = /^local\[(\*|\d+)/.exec(master)?.[1] ?? "1";
  return slots === "*" ? availableParallelism() : Math.max(1, Number(slots));
}
