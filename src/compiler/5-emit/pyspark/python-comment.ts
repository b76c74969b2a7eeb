import { escapeText } from "../../../diagnostics/format.js";

/** The width of emitted Python. */
export const lineWidth = 100;

/**
 * Text as comment lines: words wrapped at the line width, anything that could end the line or hide text (control
 * characters, line separators, direction marks) shown as an escape.
 *
 * @param indent before each `#`, and `hanging` after it on the lines that follow the first
 */
export function pythonComment(text: string, indent: string, hanging = ""): string {
  const width = lineWidth - indent.length - 2;
  const lines: string[] = [];
  let line = "";
  for (const word of escapeText(text).split(" ")) {
    const candidate = line === "" ? word : `${line} ${word}`;
    if (candidate.length <= width || line === "") line = candidate;
    else {
      lines.push(line);
      line = hanging + word;
    }
  }
  lines.push(line);
  return lines.map((content) => `${indent}# ${content}`.trimEnd()).join("\n");
}
