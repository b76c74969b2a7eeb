import { setFlagsFromString } from "node:v8";

/**
 * Lets this process's heap grow to ten times what lives in it before all of it is looked through. Nearly everything
 * that a host allocates is bytes outside of the heap, in pieces that live for a moment: by V8's own measure they have
 * it search its small heap, which holds none of them, for half of the host's time.
 */
export function letHeapGrow(): void {
  setFlagsFromString("--heap-growing-percent=1000");
}
