import { spawnSync } from "node:child_process";

/**
 * Runs one command of the set-up with its output passed through.
 *
 * Errors: an Error that names the command when it fails.
 */
export function runStep(title, command, args, options = {}) {
  console.log(`set-up: ${title}`);
  const done = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (done.error !== undefined) throw new Error(`${title}: ${done.error.message}`);
  if (done.status !== 0) {
    throw new Error(`${title}: ${[command, ...args].join(" ")} ended with ${done.signal ?? done.status}`);
  }
}
