import { escapeText } from "../../../diagnostics/format.js";

/** The width of emitted code. */
export const lineWidth = 100;

/** How a target writes comments that end with their line. */
export interface CommentStyle {
  /** What begins a comment, such as `# `. */
  readonly mark: string;
  /** Before each mark. */
  readonly indent: string;
  /** After the mark, on the lines that follow the first. */
  readonly hanging?: string;
}

/**
 * Text as comment lines: words wrapped at the line width, anything that could end the line or hide text (control
 * characters, line separators, direction marks) shown as an escape.
 */
export function lineComment(text: string, { mark, indent, hanging = "" }: CommentStyle): string {
  const width = lineWidth - indent.length - mark.length;
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
  return lines.map((content) => `${indent}${mark}${content}`.trimEnd()).join("\n");
}
