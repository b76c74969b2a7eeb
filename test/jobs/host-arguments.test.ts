import { expect, it } from "vitest";
import { listHostArguments } from "../../src/jobs/host-arguments.js";

const job = { master: "local[8]", workers: null, isLoopback: false };
const node = ["--node", process.execPath];

it("has the tasks of a program in LOOPBACK in one host, or in as many as the user says", () => {
  const own = { ...job, isLoopback: true };
  expect(listHostArguments(own, new Set(["spark.master"]))).toEqual([...node, "--hosts", "1"]);
  expect(listHostArguments(own, new Set(["spark.beam2spark.hosts"]))).toEqual(node);
  expect(listHostArguments(job, new Set())).toEqual(node);
});

it("names this machine's Node.js where hosts run on it, and how workers start where the user says", () => {
  const elsewhere = { ...job, master: "spark://host:7077", workers: "host:50000" };
  expect(listHostArguments(elsewhere, new Set())).toEqual(["--workers", "host:50000"]);
});
