import { escapeText } from "../../../diagnostics/format.js";
import type { PhysicalPlan } from "../../4-physical/physical-plan.js";

/**
 * The line that says what made the pipeline, empty where that is unknown. Versions are plain words by the time they
 * are here: reading an environment made them so.
 */
export function describeOrigin({ pipeline: { sdkVersion, pythonVersion } }: PhysicalPlan): string {
  const python = pythonVersion === null ? "" : ` on Python ${pythonVersion}`;
  return sdkVersion === null ? "" : `The pipeline was made with Beam ${sdkVersion}${python}.`;
}

/** A name as plain text in Markdown: marks that would format it are escaped. */
export function escapeMarkdown(text: string): string {
  return escapeText(text).replace(/[\\`*_{}[\]<>()#+!|&]/g, (mark) => `\\${mark}`);
}
