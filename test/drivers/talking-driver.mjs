// A driver without Spark: does what a job's folder is called. Its channel is file descriptor 3, or its standard input and
// output.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";

const [start, channelName] = process.argv.slice(2);
const isStandard = channelName === "standard";
const socket = isStandard ? null : new Socket({ fd: 3 });
const input = socket ?? process.stdin;
const output = socket ?? process.stdout;
const say = (event) => output.write(`${JSON.stringify(event)}\n`);
if (isStandard) output.write("what a script says before it starts Java\n");
if (start === "dies") {
  console.error("WARNING: Using incubator modules: jdk.incubator.vector\nno Spark in sight");
  console.error("\tat org.apache.spark.Spark$.main(Spark.scala:1)\n\t... 12 more");
  process.exit(3);
}
// A process that outlives its parent, as Java may.
spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
// One with a group of its own, as the workers' daemon is.
const daemon = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], {
  stdio: "ignore",
  detached: true,
});
writeFileSync(join(process.env.TMPDIR, "worker-daemon.pid"), `${daemon.pid}\n`);
if (start !== "silent") say({ event: "ready", applicationId: "a", webUrl: "http://localhost:1" });

const deeds = {
  well: (job) => {
    say({ event: "message", job, importance: "warning", text: "äöü\u2028".repeat(50_000) });
    say({ event: "finished", job, outcome: "done" });
  },
  babbles: () => output.write("no JSON\n"),
  crashes: () => {
    console.error("the last words");
    process.kill(process.pid, "SIGKILL");
  },
  waits: () => {},
  stubborn: () => {},
};
const running = new Map();
let rest = "";
input.setEncoding("utf8").on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    const { command, job, project } = JSON.parse(line);
    if (command === "run") {
      running.set(job, project);
      deeds[project](job);
    } else if (command === "cancel" && running.get(job) === "waits") {
      say({ event: "finished", job, outcome: "cancelled" });
    } else if (command === "stop" && start !== "stays") process.exit(0);
  }
});
if (start === "stays") setInterval(() => {}, 1000);
else input.on("end", () => process.exit(0));
