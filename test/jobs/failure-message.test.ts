import { expect, it } from "vitest";
import { formatJobFailure } from "../../src/jobs/failure-message.js";

it("ends with the user's own line and error, and the transform", () => {
  const traceback =
    'Traceback (most recent call last):\n\tFile "p.py", line 3, in shout\nValueError: \u001b[31mno\n';
  const text = formatJobFailure({
    event: "failed",
    job: "j",
    code: "runtime/user-function-failed",
    message: "ValueError: no",
    transform: "Shout",
    hint: "whisper",
    traceback,
  });
  expect(text.split("\n")).toEqual([
    "error runtime/user-function-failed",
    "  at   Shout",
    "  why  ValueError: no",
    "  hint whisper",
    "Traceback (most recent call last):",
    '    File "p.py", line 3, in shout',
    "ValueError: \\u{1b}[31mno [while running 'Shout']",
  ]);
});

it("makes do with what there is", () => {
  expect(formatJobFailure({ event: "failed", job: "j", message: "out of memory" })).toBe(
    "error run/job-failed\n  why  out of memory",
  );
});
