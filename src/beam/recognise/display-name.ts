const LONGEST = 120;

/** A name from a payload in a form that can stand in one line: no control characters, of bounded length. */
export function makeDisplayName(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
