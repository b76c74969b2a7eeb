import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ArtifactStore } from "../../src/workers/contract/artifact-store.js";

let folder: string;
let fetches: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "b2s-store-"));
  fetches = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const fetchText = (text: string) => async (path: string) => {
  fetches.push(text);
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeFileSync(path, text);
  return text.length;
};
const read = async (path: string): Promise<string> => readFileSync(path, "utf8");

test("a file is fetched once, whoever wants it meanwhile", async () => {
  const store = new ArtifactStore(folder);
  const texts = await Promise.all([1, 2, 3].map(() => store.borrow("a", fetchText("content"), read)));
  expect(texts).toEqual(["content", "content", "content"]);
  expect(await store.borrow("b", fetchText("other"), read)).toBe("other");
  expect(await store.borrow("a", fetchText("content"), read)).toBe("content");
  expect(fetches).toEqual(["content", "other"]);
});

test("who waits for another's fetch that fails tries anew, and is told of his own failure", async () => {
  const store = new ArtifactStore(folder);
  const fail = (reason: string) => async (path: string) => {
    writeFileSync(path, "half of it");
    await new Promise((resolve) => setTimeout(resolve, 20));
    throw new Error(reason);
  };
  const wishes = [fail("given up"), fail("no room"), fetchText("content")];
  const outcomes = await Promise.allSettled(wishes.map((fetch) => store.borrow("a", fetch, read)));
  expect(
    outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : outcome.reason.message)),
  ).toEqual(["given up", "no room", "content"]);
  expect(readdirSync(folder)).toHaveLength(1);
});

test("what was not wanted for longest goes when there is too much", async () => {
  const store = new ArtifactStore(folder, 12);
  for (const name of ["aaaaa", "bbbbb", "aaaaa", "ccccc"]) await store.borrow(name, fetchText(name), read);
  expect(fetches).toEqual(["aaaaa", "bbbbb", "ccccc"]);
  expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"))).toEqual([
    "aaaaa",
    "ccccc",
  ]);
  let late = "";
  await store.borrow("aaaaa", fetchText("aaaaa"), async (path) => {
    for (const name of ["ddddd", "eeeee"]) await store.borrow(name, fetchText(name), read);
    late = await read(path);
  });
  expect(late).toBe("aaaaa");
});
