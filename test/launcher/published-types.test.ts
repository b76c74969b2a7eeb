import { expect, it } from "vitest";
import * as launcher from "../../src/launcher/index.js";
import type * as published from "../../src/launcher/published/index.mjs";

it("publishes the types of what the launcher is, in both directions", () => {
  const asPublished: typeof published = launcher;
  const asWritten: Pick<typeof launcher, "launchProject" | "launchFromCommandLine"> = asPublished;
  expect(Object.keys(asWritten).sort()).toEqual(["launchFromCommandLine", "launchProject"]);
});
