/**
 * Cuts a text of parts with commas between them, such as a schema, into lines: each group of parts begins one of its own.
 *
 * @param fits whether a text is short enough for a line; a part alone may be longer
 */
export function splitText(
  groups: readonly (readonly string[])[],
  fits: (text: string) => boolean,
): readonly string[] {
  const lines: string[] = [];
  groups.forEach((parts, group) => {
    let line = "";
    parts.forEach((part, index) => {
      const isLast = group === groups.length - 1 && index === parts.length - 1;
      const piece = isLast ? part : `${part}, `;
      if (line !== "" && !fits(line + piece)) {
        lines.push(line);
        line = "";
      }
      line += piece;
    });
    if (line !== "") lines.push(line);
  });
  return lines;
}
