import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  isLocalMaster,
  listProjectDefaults,
  readOption,
  readProperties,
  readUserSettings,
} from "../../src/launcher/spark-settings.js";

it("reads an option in both of its forms, the last one", () => {
  const words = ["--host-bind", "a:1", "--host-bind=b:2", "--other", "c"];
  expect(readOption(words, "host-bind")).toBe("b:2");
  expect(readOption(words, "host")).toBeUndefined();
});

it("reads properties in all the forms that Spark's files have", () => {
  const text =
    "# no\n! neither\n\nspark.a   one two  \nspark.b=2\nspark.c: x=y\nspark.d \\\n   joined\nspark.e";
  expect(Object.fromEntries(readProperties(text))).toEqual({
    "spark.a": "one two",
    "spark.b": "2",
    "spark.c": "x=y",
    "spark.d": "joined",
    "spark.e": "",
  });
});

it.each([
  ["local", true],
  ["local[*]", true],
  ["local[2,3]", true],
  ["local-cluster[2,1,1024]", false],
  ["spark://localhost:7077", false],
  ["yarn", false],
])("%s is a local master: %s", (master, local) => {
  expect(isLocalMaster(master)).toBe(local);
});

describe("settings", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
    mkdirSync(join(folder, "conf"));
    writeFileSync(join(folder, "conf", "spark-defaults.conf"), "spark.master yarn\nspark.x installed\n");
    writeFileSync(join(folder, "mine.conf"), "spark.x mine\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = (words: string[], environment = {}): Record<string, string> =>
    Object.fromEntries(readUserSettings(words, environment, folder));

  it("come from the installation, a properties file, --conf, and the options, later ones winning", () => {
    expect(read([])).toEqual({ "spark.master": "yarn", "spark.x": "installed" });
    expect(read(["--properties-file", join(folder, "mine.conf")])).toEqual({ "spark.x": "mine" });
    const all = [
      "--load-spark-defaults",
      "--properties-file",
      join(folder, "mine.conf"),
      "--conf",
      "spark.x=conf",
    ];
    expect(read([...all, "--master", "local[1]"])).toEqual({ "spark.master": "local[1]", "spark.x": "conf" });
  });

  it("of the environment are the weakest", () => {
    expect(read([], { MASTER: "local[7]" })["spark.master"]).toBe("yarn");
    expect(read([], { MASTER: "local[7]", SPARK_CONF_DIR: "/nowhere" })).toEqual({
      "spark.master": "local[7]",
    });
  });

  it("of the project give way to the user's", () => {
    expect(listProjectDefaults(folder, new Map([["spark.x", "conf"]]))).toEqual([
      "--conf",
      "spark.master=yarn",
    ]);
  });
});
