import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { runScript } from "./setup/run-script.mjs";

// The compiler is fetched when it is wanted, as it is larger than all other packages together.
const compiler = "assemblyscript@0.28.20";
const source = join(root, "loops", "plain-elements.ts");
const target = join(root, "src", "fnhost", "bytes", "plain-loops-wasm.ts");
const options = ["-O3", "--runtime", "stub", "--noAssert", "--importMemory", "--enable", "bulk-memory"];

// Compiles the loops over elements to WebAssembly, which is kept as a TypeScript file. Run it after a change of loops/.
await runScript(() => {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-loops-"));
  try {
    const output = join(folder, "loops.wasm");
    const words = ["--yes", `--package=${compiler}`, "asc", source, ...options, "-o", output];
    const { status } = spawnSync("npx", words, { cwd: root, stdio: "inherit" });
    if (status !== 0) return status ?? 1;
    const digest = createHash("sha256").update(readFileSync(source)).digest("hex");
    const code = readFileSync(output)
      .toString("base64")
      .replace(/.{1,100}/g, '  "$&",\n');
    writeFileSync(
      target,
      `/** What loops/plain-elements.ts is as WebAssembly: \`npm run loops:update\` writes this file. */
export const plainLoopsCode = [
${code}].join("");

/** SHA-256 of the source that it was compiled from. */
export const plainLoopsSource = "${digest}";
`,
    );
    return 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
});
