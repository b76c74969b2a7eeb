import { defineConfig } from "vitest/config";

// Time-outs are there for what hangs, on machines that are busy with something else, too.
// Files share a process, not the project's modules, which each file has anew: to start processes and to load the packages
// below was half of the work. No test may change what belongs to its process (environment, folder, listeners).
// Vitest leaves a core to its own process, which on two cores leaves one worker; that process is idle nearly always.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    maxWorkers: "100%",
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
