import { createServer } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import { projectPython } from "../protos/project-python.js";
import { runCommandLine } from "./run-command-line.js";

describe("serve with a Python", () => {
  beforeAll(build);

  it("says who has its port, and that others could reach it", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    const words = ["--job-host", "0.0.0.0", "--job-port", `${port}`, "--python", projectPython()];
    const { status, errors } = await runCommandLine(["serve", ...words]);
    other.close();
    expect(errors).toContain("warning serve/open-to-others\n");
    expect(errors).toContain("error serve/cannot-listen\n");
    expect(errors).toMatch(/EADDRINUSE.*:\d+\n/);
    expect(status).toBe(1);
  });
}, 180_000);
