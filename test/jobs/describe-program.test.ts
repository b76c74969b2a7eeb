import { expect, it } from "vitest";
import { describeProgram } from "../../src/jobs/describe-program.js";

it.each([
  ["/v/bin/python", ["prog.py", "--input", "x"], "prog", "/v/bin/python prog.py", "/here"],
  [
    "python3.11",
    ["-u", "-W", "ignore", "-X", "dev", "sub/prog.py"],
    "prog",
    "python3.11 -u -W ignore -X dev sub/prog.py",
    "/here/sub",
  ],
  [
    "python3",
    ["-m", "apache_beam.examples.wordcount", "-c"],
    "wordcount",
    "python3 -m apache_beam.examples.wordcount",
    "/here",
  ],
  ["python3", ["-c", "pass"], "pipeline", "python3 -c", "/here"],
  ["/opt/tools/wordcount.py", ["--password", "x"], "wordcount", "/opt/tools/wordcount.py", "/opt/tools"],
])("finds the name and the modules of %s %j", (executable, words, name, title, moduleFolder) => {
  expect(describeProgram({ executable, arguments: words }, "/here")).toEqual({ name, title, moduleFolder });
});
