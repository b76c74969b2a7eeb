import { defineConfig } from "vitest/config";

// Vitest leaves a core to its own process, which on two cores leaves one worker; that process is idle nearly always.
export default defineConfig({
  test: { include: ["test/**/*.test.ts"], maxWorkers: "100%", testTimeout: 30_000, hookTimeout: 60_000 },
});
