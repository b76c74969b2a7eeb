import { expect, test } from "vitest";
import { readFailure } from "../../src/fnhost/failures/read-failure.js";

test("Python: the last error, its transform, and the frames of the user's", () => {
  const text = `Traceback (most recent call last):
  File "/venv/apache_beam/runners/common.py", line 1498, in process
    return self.do_fn_invoker.invoke_process(windowed_value)
  File "/home/me/job.py", line 3, in parse
    int("x")
    ~~~^^^^^
ValueError: invalid literal

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/venv/apache_beam/runners/worker/sdk_worker.py", line 311, in _execute
    response = task()
  File "/venv/apache_beam/runners/common.py", line 1590, in _reraise_augmented
    raise new_exn
  File "/home/me/job.py", line 5, in parse
    raise jobs.errors.Unreadable("no
  File either")
jobs.errors.Unreadable: no number [while running 'Read/Parse it']
`;
  expect(readFailure(text)).toEqual({
    message: "Unreadable: no number",
    transform: "Read/Parse it",
    trace: `Traceback (most recent call last):
  File "/home/me/job.py", line 3, in parse
    int("x")
    ~~~^^^^^
ValueError: invalid literal

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/home/me/job.py", line 5, in parse
    raise jobs.errors.Unreadable("no
  File either")
jobs.errors.Unreadable: no number [while running 'Read/Parse it']`,
  });
});

test("Python: an error that Beam has raised again is told once", () => {
  const frames = `  File "apache_beam/runners/common.py", line 1512, in process
  File "/home/me/job.py", line 12, in refuse
    raise ValueError("no")`;
  const text = `Traceback (most recent call last):
${frames}
ValueError: no

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
${frames}
ValueError: no [while running 'Refuse']
`;
  expect(readFailure(text).trace).toBe(`Traceback (most recent call last):
  File "/home/me/job.py", line 12, in refuse
    raise ValueError("no")
ValueError: no [while running 'Refuse']`);
});

test("Python: an error that quotes a traceback", () => {
  const text = `Traceback (most recent call last):
  File "/home/me/job.py", line 5, in call
    raise RemoteError(text)
job.RemoteError: it said
Traceback (most recent call last):
  File "/elsewhere.py", line 1, in there
KeyError: 1 [while running 'Call']`;
  expect(readFailure(text)).toMatchObject({
    message: expect.stringMatching(/^RemoteError: it said\nTraceback[\s\S]*KeyError: 1$/),
    transform: "Call",
  });
});

test("Go: a panic, with the frames of the user's", () => {
  const text = `process bundle failed for instruction task-1-1 using plan 9f : DoFn[UID:3, PID:e7, Name: main.countFn] failed:
panic: no more
Full error:
panic: no more goroutine 66 [running]:
runtime/debug.Stack()
	/go/src/runtime/debug/stack.go:26 +0x5e
github.com/apache/beam/sdks/v2/go/pkg/beam/core/runtime/exec.callNoPanic.func1()
	/mod/exec/util.go:42 +0x5d
panic({0x1, 0x2})
	/go/src/runtime/panic.go:785 +0x132
main.explode(...)
	/home/me/main.go:20
main.(*countFn).ProcessElement(0xc0, {0x1, 0x2})
	/home/me/main.go:17 +0x30
reflect.Value.call({0x1})
	/go/src/reflect/value.go:581 +0xca6
github.com/apache/beam/sdks/v2/go/pkg/beam/core/util/reflectx.(*reflectFunc).Call()
	/mod/reflectx/call.go:48 +0x4a
Full error:
while executing Process for Plan[9f]:
`;
  expect(readFailure(text)).toEqual({
    message: "panic: no more",
    transform: "e7",
    trace: `main.explode(...)
	/home/me/main.go:20
main.(*countFn).ProcessElement(0xc0, {0x1, 0x2})
	/home/me/main.go:17 +0x30`,
  });
});

test("Go: an error that a function gives back", () => {
  const text = `process bundle failed for instruction task-1-1 using plan 9f : DoFn[UID:3, PID:e7, Name: main.countFn] failed:
no such file
Full error:
while executing Process for Plan[9f]:
1: ParDo[main.countFn] Out:[2]`;
  expect(readFailure(text)).toMatchObject({
    transform: "e7",
    message: "no such file",
  });
});

test("Java: the last cause, to where the SDK has called the function", () => {
  const text = `org.apache.beam.sdk.util.UserCodeException: java.lang.IllegalStateException: no more
	at org.apache.beam.sdk.util.UserCodeException.wrap(UserCodeException.java:39)
	at me.Job$CountFn$DoFnInvoker.invokeProcessElement(Unknown Source)
Caused by: java.lang.IllegalStateException: no more
	at me.Job.explode(Job.java:20)
	at me.Job$CountFn.process(Job.java:17)
	at me.Job$CountFn$DoFnInvoker.invokeProcessElement(Unknown Source)
	at org.apache.beam.fn.harness.FnApiDoFnRunner.processElement(FnApiDoFnRunner.java:800)
`;
  expect(readFailure(text)).toEqual({
    message: "java.lang.IllegalStateException: no more",
    transform: "",
    trace: `java.lang.IllegalStateException: no more
	at me.Job.explode(Job.java:20)
	at me.Job$CountFn.process(Job.java:17)`,
  });
});

test("anything else is what it is", () => {
  expect(readFailure(" no\n")).toEqual({ message: "no", transform: "", trace: "" });
});
