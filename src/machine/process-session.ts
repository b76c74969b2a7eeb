import { readdirSync, readFileSync } from "node:fs";
import { isGroupAlive, signalGroup } from "./process-group.js";

const pollMilliseconds = 50;

/**
 * Kills all processes of a session, whatever groups they have made, and waits until none is left, at most so long.
 * Where processes don't show their session (anywhere but on Linux) its first group stands for it. Out: whether none is
 * left.
 *
 * @param leader the process that has started the session
 */
export async function killSession(leader: number, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds;
  for (;;) {
    signalGroup(leader, "SIGKILL");
    const members = listSession(leader);
    for (const member of members) kill(member);
    if (members.length === 0 && !isGroupAlive(leader)) return true;
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

function kill(processId: number): void {
  try {
    process.kill(processId, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

function listSession(leader: number): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isMember(name, leader))
    .map(Number);
}

function isMember(name: string, leader: number): boolean {
  try {
    // "pid (name) state parent group session …"; only the name can hold a parenthesis.
    const [, state, , , session] = readFileSync(`/proc/${name}/stat`, "utf8").split(/.*\) | /s);
    return state !== "Z" && state !== "X" && Number(session) === leader;
  } catch {
    return false;
  }
}
