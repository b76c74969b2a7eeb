import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findJava } from "../../src/machine/find-java.mjs";

const vector = "jdk.incubator.vector";

describe("findJava", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "beam2spark-test-")));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const makeJava = (name: string, script: string): string => {
    mkdirSync(join(folder, name, "bin"), { recursive: true });
    const java = join(folder, name, "bin", "java");
    writeFileSync(java, `#!/bin/sh\n${script}\n`);
    chmodSync(java, 0o755);
    return join(folder, name);
  };
  const listing = (version: string, ...modules: string[]): string =>
    ["java.base", ...modules].map((module) => `echo "${module}@${version}"`).join("\n");
  // A platform without well-known folders, so that the machine's own Java stays out of sight.
  const find = (environment: Record<string, string>) => findJava(environment, "test");

  it("prefers JAVA_HOME", () => {
    const first = makeJava("first", listing("21.0.2", vector));
    const second = makeJava("second", listing("17.0.15", vector));
    const found = find({ JAVA_HOME: first, PATH: join(second, "bin") });
    expect(found).toEqual({ ok: true, home: first, version: 21 });
  });

  it("goes past a Java that Spark can't run on to one that it can", () => {
    const old = makeJava(
      "old",
      "if [ $1 = -version ]; then echo 'version \"1.8.0_392\"' >&2; else exit 1; fi",
    );
    const good = makeJava("good", listing("17.0.15", vector));
    expect(find({ JAVA_HOME: old, PATH: join(good, "bin") })).toEqual({ ok: true, home: good, version: 17 });
  });

  it("names what it found instead", () => {
    const old = makeJava(
      "old",
      "if [ $1 = -version ]; then echo 'version \"1.8.0_392\"' >&2; else exit 1; fi",
    );
    const slim = makeJava("slim", listing("17.0.15", "java.sql"));
    const odd = makeJava("odd", listing("22.0.1", vector));
    const broken = makeJava("broken", "exit 1");
    const found = find({ PATH: [old, slim, odd, broken].map((home) => join(home, "bin")).join(":") });
    const why = found.ok ? "" : found.why;
    expect(why).toContain(`${old}/bin/java is Java 8`);
    expect(why).toContain(`${slim}/bin/java is a cut-down runtime without the module ${vector}`);
    expect(why).toContain(`${odd}/bin/java is Java 22`);
    expect(why).toContain(`${broken}/bin/java does not start`);
  });
});
