import { beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import { runCommandLine } from "./run-command-line.js";

describe("serve", () => {
  beforeAll(build);

  it.each([
    [["--job-port", "70000"]],
    [["--artifact-port", "many"]],
    [["--job-port", "-1"]],
    [["--lane", "native"]],
    [["--spark-master-url"]],
  ])("ends with 2 for %j", async (words) => {
    expect((await runCommandLine(["serve", ...words])).status).toBe(2);
  });
}, 180_000);
