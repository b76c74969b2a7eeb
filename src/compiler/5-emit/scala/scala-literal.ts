/**
 * Java's class files have no constant of more than 65,535 bytes, of which a character takes up to three, and the
 * compiler makes one constant of literals that are added up.
 */
export const longestLiteral = 20_000;

/** Joins texts where the job runs. */
export const joinFunction = "String.join";

/**
 * A Scala expression for a string with exactly this value, on one line, ASCII only. It is the only way in which text
 * from a pipeline gets into emitted Scala outside of comments. A literal ends after each `$`, and goes on in another
 * one: the compiler warns of what looks like an interpolation without an interpolator. A text that is too long for one
 * constant is joined at run time.
 */
export function scalaString(text: string): string {
  if (text.length <= longestLiteral) return constantOf(text);
  const pieces = [];
  for (let start = 0; start < text.length; start += longestLiteral) {
    pieces.push(constantOf(text.slice(start, start + longestLiteral)));
  }
  return `${joinFunction}("", ${pieces.join(", ")})`;
}

function constantOf(text: string): string {
  const parts = text.split(/(?<=\$)(?!$)/);
  return parts.map(literalOf).join(" + ");
}

function literalOf(text: string): string {
  let literal = '"';
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const character = text[index]!;
    if (character === '"' || character === "\\") literal += `\\${character}`;
    else if (unit >= 0x20 && unit < 0x7f) literal += character;
    else literal += named.get(unit) ?? `\\u${unit.toString(16).padStart(4, "0")}`;
  }
  return `${literal}"`;
}

const named: ReadonlyMap<number, string> = new Map([
  [0x08, "\\b"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
]);
