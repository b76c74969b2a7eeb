#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.mjs", import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error("error: beam2spark is not built yet; run in its folder: npm run setup");
  process.exitCode = 2;
}
