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
  while (isAlive(leader)) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
  return true;
}

function isAlive(leader: number): boolean {
  try {
    process.kill(process.platform === "win32" ? leader : -leader, 0);
    return true;
  } catch {
    return false;
  }
}
