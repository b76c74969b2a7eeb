import { exitCodeOfSignal } from "../machine/exit-code-of-signal.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

// Who sends a signal again later than this has lost patience. Beam's own client repeats it every second, and kills us
// after five.
const patience = 2_500;

/** Waits for a signal that ends a service. A second one ends the process at once: what it has started notices. */
export function waitForSignal(): Promise<null> {
  return new Promise((resolve) => {
    let first: number | null = null;
    for (const signal of signals) {
      process.on(signal, () => {
        const now = performance.now();
        if (first !== null && now - first > patience) process.exit(exitCodeOfSignal(signal));
        first ??= now;
        resolve(null);
      });
    }
  });
}
