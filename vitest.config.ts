import { defineConfig } from "vitest/config";

// Time-outs are there for what hangs, on machines that are busy with something else, too.
// Vitest leaves a core to its own process, which on two cores leaves one worker; that process is idle nearly always.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    maxWorkers: "100%",
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
