import { describe, expect, it } from "vitest";
import { readLaunchArguments } from "../../src/launcher/launch-arguments.js";

describe("readLaunchArguments", () => {
  it("keeps our options, hands Spark's on, and leaves the words after -- to the job", () => {
    const words = [
      "--python",
      "py",
      "--master=local[2]",
      "--conf",
      "a=b=c",
      "--verbose",
      "--",
      "--parallelism",
      "4",
    ];
    expect(readLaunchArguments(words)).toEqual({
      ok: true,
      value: {
        python: "py",
        tempLocation: undefined,
        spark: ["--master", "local[2]", "--conf", "a=b=c", "--verbose"],
        job: ["--parallelism", "4"],
        help: false,
      },
      warnings: [],
    });
  });

  it("names every word that it does not know, and an option without its value", () => {
    const result = readLaunchArguments(["--mastr=secret", "x", "--conf"]);
    const told = result.ok ? [] : result.diagnostics.map(({ code, why }) => `${code} ${why.split(" ")[0]}`);
    expect(told).toEqual([
      "launch/option-unknown --mastr",
      "launch/option-unknown x",
      "launch/option-without-value --conf",
    ]);
  });
});
