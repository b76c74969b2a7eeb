// Runs many command lines of beam2spark in one process, one after the other: starting a process for each takes longer
// than nearly any of them.
//
//     node compile_projects.mjs COMMANDS.json
//
// COMMANDS.json is a list of `{"words", "log"}`. Each log gets what its command printed, and its last line is
// `status N`.
import { readFileSync, writeFileSync } from "node:fs";

const main = new URL("../../dist/cli/main.mjs", import.meta.url).href;
const commands = JSON.parse(readFileSync(process.argv[2], "utf8"));
const [node, executable] = process.argv;

for (const [index, { words, log }] of commands.entries()) {
  let said = "";
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (text) => {
      said += text;
      return true;
    };
  }
  process.argv = [node, executable, ...words];
  process.exitCode = 0;
  try {
    // The address makes it another module, which reads its words and runs anew; its parts are loaded once.
    await import(`${main}?${index}`);
  } catch (error) {
    said += error.stack;
    process.exitCode = 1;
  }
  writeFileSync(log, `${said}status ${process.exitCode}\n`);
}
process.exitCode = 0;
