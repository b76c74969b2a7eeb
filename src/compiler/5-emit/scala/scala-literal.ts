/**
 * A Scala expression for a string with exactly this value, on one line, ASCII only. It is the only way in which text
 * from a pipeline gets into emitted Scala outside of comments. A literal ends after each `$`, and goes on in another
 * one: the compiler warns of what looks like an interpolation without an interpolator.
 */
export function scalaString(text: string): string {
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
