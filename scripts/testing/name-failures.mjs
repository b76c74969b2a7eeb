import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { root } from "../paths.mjs";

const messageLines = 6;

// Vitest colours its messages.
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const characters = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&", "#10": "\n", "#9": "\t" };
const readEntities = (text) => text.replace(/&([a-z]+|#\d+);/g, (all, name) => characters[name] ?? all);

function nameVitest(report) {
  return JSON.parse(report).testResults.flatMap((file) => {
    const place = relative(root, file.name ?? "");
    if (file.status === "failed" && file.assertionResults.length === 0) {
      return [{ name: place, message: file.message ?? "" }];
    }
    return file.assertionResults
      .filter(({ status }) => status !== "passed")
      .map((test) => ({
        name: `${place}: ${test.fullName}`,
        message: test.failureMessages?.join("\n") || test.status,
      }));
  });
}

function namePytest(report) {
  return [...report.matchAll(/<testcase\s([^>]*[^/>])>([\s\S]*?)<\/testcase>/g)].flatMap(
    ([, test, content]) => {
      const outcome = /<(failure|error|skipped)\s[^>]*?message="([^"]*)"/.exec(content);
      if (outcome === null) return [];
      const read = (name) => readEntities(new RegExp(`\\b${name}="([^"]*)"`).exec(test)?.[1] ?? "");
      return [{ name: `${read("classname")}: ${read("name")}`, message: readEntities(outcome[2]) }];
    },
  );
}

const readers = { vitest: nameVitest, pytest: namePytest };

/**
 * Names the tests of a finished suite that have not passed, for those who see only the end of what was printed.
 *
 * In: its kind and its report's file. Out: `{ name, message }` each, the message's first lines; none where the suite
 * has no report that names tests, or none that can be read.
 */
export function nameFailures(kind, reportFile) {
  const read = readers[kind];
  if (read === undefined) return [];
  let report;
  try {
    report = readFileSync(reportFile, "utf8");
  } catch {
    return [];
  }
  try {
    return read(report).map(({ name, message }) => ({
      name,
      message: message.replace(escapes, "").split("\n").slice(0, messageLines).join("\n"),
    }));
  } catch (error) {
    // A suite that was killed leaves half a report; it counts as failed by its exit status.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
