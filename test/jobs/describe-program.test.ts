import { expect, it } from "vitest";
import { describeProgram } from "../../src/jobs/describe-program.js";

it.each([
  ["/v/bin/python", ["prog.py", "--input", "x"], "prog", "/here"],
  ["python3.11", ["-u", "-W", "ignore", "-X", "dev", "sub/prog.py"], "prog", "/here/sub"],
  ["python3", ["-m", "apache_beam.examples.wordcount", "-c"], "wordcount", "/here"],
  ["python3", ["-c", "pass"], "pipeline", "/here"],
  ["/opt/tools/wordcount.py", ["--input", "x"], "wordcount", "/opt/tools"],
])("finds the name and the modules of %s %j", (executable, words, name, moduleFolder) => {
  expect(describeProgram({ executable, arguments: words }, "/here")).toEqual({ name, moduleFolder });
});
