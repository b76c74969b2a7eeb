import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientDialects, detectSdk } from "../../src/jobs/client-dialect.js";

describe("detectSdk", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const detect = (executable: string) => detectSdk({ executable, arguments: [] });

  it.each([
    ["python3", "python"],
    ["/usr/bin/python3.11", "python"],
    ["java", "java"],
    ["/opt/jdk/bin/java.exe", "java"],
    ["target/words.jar", "java"],
    ["go", "go"],
    ["javascript", "python"],
    ["/nowhere/at/all", "python"],
  ])("tells %s by its name", (executable, sdk) => expect(detect(executable)).toBe(sdk));

  it("tells a program that Go has built by what Go has put into it, wherever that is", () => {
    const information = Buffer.from("\xff Go buildinf:", "latin1");
    for (const offset of [0, 2 ** 20 - 5, 2 ** 21 + 17]) {
      const path = join(folder, `words-${offset}`);
      writeFileSync(path, Buffer.concat([Buffer.alloc(offset, 1), information, Buffer.alloc(100, 2)]));
      expect(detect(path)).toBe("go");
    }
  });

  it("takes other programs for Python's", () => {
    const script = join(folder, "words");
    writeFileSync(script, "#!/usr/bin/env python3\nprint('Go buildinf:')\n");
    expect(detect(script)).toBe("python");
  });
});

describe("clientDialects", () => {
  it("names the endpoint as each SDK does", () => {
    const words = Object.values(clientDialects).map(({ argumentsFor }) => argumentsFor("here:1"));
    expect(words).toEqual([
      ["--runner=PortableRunner", "--job_endpoint=here:1"],
      ["--runner=universal", "--endpoint=here:1"],
      ["--runner=PortableRunner", "--jobEndpoint=here:1"],
    ]);
  });
});
