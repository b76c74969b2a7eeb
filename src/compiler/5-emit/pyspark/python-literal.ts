/**
 * A Python string literal with exactly this value, in double quotes, on one line, ASCII only. It is the only way
 * in which text from a pipeline gets into emitted Python outside of comments.
 */
export function pythonString(text: string): string {
  let literal = '"';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (character === '"' || character === "\\") literal += `\\${character}`;
    else if (code >= 0x20 && code < 0x7f) literal += character;
    else if (character === "\n") literal += "\\n";
    else if (character === "\r") literal += "\\r";
    else if (character === "\t") literal += "\\t";
    else if (code <= 0xff) literal += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code <= 0xffff) literal += `\\u${code.toString(16).padStart(4, "0")}`;
    else literal += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return `${literal}"`;
}
