import { describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { areNpmPackagesInstalled } from "../../scripts/setup/install-npm-packages.mjs";

describe("areNpmPackagesInstalled", () => {
  const wanted = {
    "": { version: "0.1.0" },
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b-other-platform": { version: "1.0.0", optional: true },
  };

  it("is true when every package has its version, and one for another platform is absent", () => {
    expect(areNpmPackagesInstalled(wanted, { "node_modules/a": { version: "1.0.0" } })).toBe(true);
  });

  it("is false when one is missing or has another version, or nothing is installed", () => {
    expect(areNpmPackagesInstalled(wanted, {})).toBe(false);
    expect(areNpmPackagesInstalled(wanted, { "node_modules/a": { version: "1.0.1" } })).toBe(false);
    expect(areNpmPackagesInstalled(wanted, null)).toBe(false);
  });
});
