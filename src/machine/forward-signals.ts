const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How long a child may take to end after a signal before it is killed. */
const patience = 8_000;

/**
 * Passes this process's signals on to a child; when it still lives some seconds later, or at a second signal, it is
 * killed. In: how to signal the child. Out: `stop` ends it, `signal` tells which signal came first, `send` passes one on
 * that nobody has sent to us.
 */
export function forwardSignals(send: (signal: NodeJS.Signals) => void): {
  readonly stop: () => void;
  readonly signal: () => NodeJS.Signals | null;
  readonly send: (signal: NodeJS.Signals) => void;
} {
  let first: NodeJS.Signals | null = null;
  let timer: NodeJS.Timeout | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    if (first !== null) {
      send("SIGKILL");
      return;
    }
    first = signal;
    send(signal);
    timer = setTimeout(() => send("SIGKILL"), patience);
  };
  for (const signal of forwarded) process.on(signal, listener);
  return {
    stop: () => {
      clearTimeout(timer);
      for (const signal of forwarded) process.off(signal, listener);
    },
    signal: () => first,
    send: listener,
  };
}
