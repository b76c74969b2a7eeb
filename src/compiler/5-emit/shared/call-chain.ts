/** One call of a chain, such as `.groupBy("key")`; `E` is what a language has as expressions. */
export interface MethodCall<E> {
  readonly method: string;
  readonly arguments: readonly E[];
}

/** Calls on a name, such as `job.output(rows, 1)`. */
export interface CallChain<E> {
  readonly receiver: string;
  readonly calls: readonly MethodCall<E>[];
}

/** The call of a method. */
export function makeCall<E>(method: string, ...callArguments: readonly E[]): MethodCall<E> {
  return { method, arguments: callArguments };
}

/** More calls on what an expression gives. */
export function extendChain<E>(
  receiver: string | CallChain<E>,
  ...calls: readonly MethodCall<E>[]
): CallChain<E> {
  return typeof receiver === "string"
    ? { receiver, calls }
    : { receiver: receiver.receiver, calls: [...receiver.calls, ...calls] };
}
