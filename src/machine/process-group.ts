import { readdirSync, readFileSync } from "node:fs";

const pollMilliseconds = 50;

/** Sends a signal to all processes of a group (or, on Windows, to its first); those that have ended are left alone. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === "win32" ? leader : -leader, signal);
  } catch {
    // They have ended already.
  }
}

/** Waits until no process of a group is left, at most so long. Out: whether none is. */
export async function waitForGroup(leader: number, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (isGroupAlive(leader)) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
  return true;
}

/** Whether a process of a group runs still. */
export function isGroupAlive(leader: number): boolean {
  try {
    process.kill(process.platform === "win32" ? leader : -leader, 0);
  } catch {
    return false;
  }
  return process.platform !== "linux" || hasRunningMember(leader);
}

// In a container whose first process collects no orphans, those that have ended stay in their group as zombies.
function hasRunningMember(leader: number): boolean {
  return readdirSync("/proc").some((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      // "pid (name) state parent group …"; only the name can hold a parenthesis.
      const [, state, , group] = readFileSync(`/proc/${name}/stat`, "utf8").split(/.*\) | /s);
      return state !== "Z" && state !== "X" && Number(group) === leader;
    } catch {
      return false;
    }
  });
}
