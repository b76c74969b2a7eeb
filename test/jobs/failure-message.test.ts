import { expect, it } from "vitest";
import { DriverEndedError } from "../../src/drivers/driver.js";
import { formatJobFailure, formatLostDriver, pickJavaErrors } from "../../src/jobs/failure-message.js";

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

it("says the transform once where the traceback has it already", () => {
  const traceback = "Traceback (most recent call last):\nValueError: no [while running 'Shout']\n";
  const text = formatJobFailure({ event: "failed", job: "j", message: "no", transform: "Shout", traceback });
  expect(text.split("\n").at(-1)).toBe("ValueError: no [while running 'Shout']");
});

it("makes do with what there is", () => {
  expect(formatJobFailure({ event: "failed", job: "j", message: "out of memory" })).toBe(
    "error run/job-failed\n  why  out of memory",
  );
});

it("shows a driver's users its own troubles, and the service's user all of its log", () => {
  const log = [
    "INFO:root:the password of another job",
    "26/11/21 13:50:00 ERROR TaskSetManager: Task 0 in stage 1.0 failed 1 times",
    "ValueError: of another job",
    "Terminating due to java.lang.OutOfMemoryError: Java heap space",
  ];
  expect(pickJavaErrors(log.join("\n")).split("\n")).toEqual([log[1], log[3]]);
  expect(formatLostDriver(new DriverEndedError("status 3", log.join("\n"))).split("\n")).toEqual([
    "a Spark session ended with status 3",
    ...log.map((line) => `  ${line}`),
    "",
  ]);
});
