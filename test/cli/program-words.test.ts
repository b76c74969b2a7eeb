import { expect, it } from "vitest";
import { cutCommandLine } from "../../src/cli/program-words.js";

it("leaves everything after the first -- to the program", () => {
  expect(cutCommandLine(["run", "--master", "local", "--", "python", "p.py", "--", "1e3"])).toEqual({
    own: ["run", "--master", "local"],
    program: ["python", "p.py", "--", "1e3"],
  });
});

it("has no program without --, and refuses an empty one", () => {
  expect(cutCommandLine(["run", "x.pb"])).toEqual({ own: ["run", "x.pb"], program: null });
  expect(() => cutCommandLine(["run", "--"])).toThrow("no program");
});
