import type { FunctionFailure } from "./function-failure.js";
import { readGoFailure } from "./go-failure.js";
import { readJavaFailure } from "./java-failure.js";
import { readPythonFailure } from "./python-failure.js";

/** The failure in what an SDK says of a bundle that has failed: each SDK has a form of its own. */
export function readFailure(text: string): FunctionFailure {
  return (
    readPythonFailure(text) ??
    readGoFailure(text) ??
    readJavaFailure(text) ?? { message: text.trim(), transform: "", trace: "" }
  );
}
