import { existsSync } from "node:fs";
import { canRun, goBuild, type MachineKind, showMachine, thisMachine } from "./machine-names.js";
import { readBinary } from "./read-binary.js";
import { startFailure } from "./start-failure.js";

/**
 * Holds a program's header against this machine, before the system says no more than that it can't run it.
 *
 * Errors: a WorkerNotStartedError that says how to build it for this machine, or that its C library is another.
 */
export async function checkBinary(
  path: string,
  name: string,
  machine: MachineKind = thisMachine,
): Promise<void> {
  const binary = await readBinary(path);
  if (binary === null) return;
  checkMachine(binary.machine, name, machine);
  if (binary.loader !== null && !existsSync(binary.loader)) {
    throw startFailure("worker/loader-missing", { file: name, loader: binary.loader });
  }
}

/** The same for a kind of machine that somebody else says the program is for. */
export function checkMachine(wanted: MachineKind, name: string, machine: MachineKind = thisMachine): void {
  if (canRun(wanted, machine)) return;
  const found = showMachine(wanted);
  throw startFailure("worker/wrong-machine", {
    file: name,
    found,
    here: showMachine(machine),
    build: goBuild(machine),
  });
}
