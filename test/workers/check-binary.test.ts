import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { formatDiagnostic } from "../../src/diagnostics/format.js";
import { WorkerNotStartedError } from "../../src/fnhost/worker-not-started.js";
import { checkBinary, checkMachine } from "../../src/workers/check-binary.js";
import { nameMachine } from "../../src/workers/machine-names.js";
import { appleProgram, elfMachine, elfProgram } from "./binaries.js";

const folder = mkdtempSync(join(tmpdir(), "b2s-binaries-"));
afterAll(() => rmSync(folder, { recursive: true }));
const here = nameMachine("linux", "x64");

async function refusalOf(content: Buffer | string): Promise<string> {
  const path = join(folder, "worker");
  writeFileSync(path, content);
  try {
    await checkBinary(path, "worker", here);
    return "";
  } catch (error) {
    if (!(error instanceof WorkerNotStartedError)) throw error;
    return formatDiagnostic(error.diagnostic);
  }
}

test("a program for another processor is refused with the command that builds it for this one", async () => {
  const refusal = await refusalOf(elfProgram(elfMachine.arm64));
  expect(refusal).toContain("worker/wrong-machine");
  expect(refusal).toContain("worker is a program for linux/arm64, and this machine is linux/amd64");
  expect(refusal).toContain("GOOS=linux GOARCH=amd64 go build -o worker .");
  expect(refusal).toContain("CGO_ENABLED=0");
  expect(await refusalOf(elfProgram(elfMachine.s390x))).toContain("linux/s390x");
});

test("so is one for another system", async () => {
  expect(await refusalOf(appleProgram())).toContain("a program for darwin/arm64");
  expect(await refusalOf(`MZ${" ".repeat(100)}`)).toContain("a program for windows,");
});

test("one that is linked for a C library that is not here is refused, too", async () => {
  const refusal = await refusalOf(elfProgram(elfMachine.amd64, "/lib/no-such-loader.so.1"));
  expect(refusal).toContain("worker/loader-missing");
  expect(refusal).toContain("/lib/no-such-loader.so.1");
});

test("programs for this machine, scripts and what is none are let through", async () => {
  expect(await refusalOf(elfProgram(elfMachine.amd64))).toBe("");
  expect(await refusalOf(elfProgram(elfMachine.amd64, "/bin/sh"))).toBe("");
  expect(await refusalOf("#!/bin/sh\nexit 0\n")).toBe("");
  expect(await refusalOf("")).toBe("");
  expect(await refusalOf(elfProgram(elfMachine.amd64).subarray(0, 20))).toBe("");
});

test("machines have one name", () => {
  expect(() => checkMachine(nameMachine("Linux", "x86_64"), "worker", here)).not.toThrow();
  expect(() => checkMachine(nameMachine("", ""), "worker", here)).not.toThrow();
  expect(() => checkMachine(nameMachine("linux", "386"), "worker", here)).not.toThrow();
  expect(() => checkMachine(nameMachine("macos", ""), "worker", here)).toThrow("a program for darwin,");
});
