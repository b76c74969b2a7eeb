import { Unreadable } from "./unreadable.js";

const simpleEscapes: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  n: "\n",
  r: "\r",
  t: "\t",
};

/** The text of a quoted Python 2 string, as protocol 0 writes it. Only the escapes that `repr` makes are known. */
export function decodeQuoted(line: string): string {
  const quote = line[0];
  if (line.length < 2 || (quote !== "'" && quote !== '"') || line.at(-1) !== quote) {
    throw new Unreadable("it has a string without quotes");
  }
  const inner = line.slice(1, -1);
  const text = inner.replace(/\\(x[0-9a-f]{2}|[\s\S]|$)/g, (_, escaped: string) => {
    if (escaped.length === 3) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    const plain = simpleEscapes[escaped];
    if (plain === undefined) throw new Unreadable("it has a string with an unknown escape");
    return plain;
  });
  return requireAscii(text);
}

/** The text of a protocol 0 unicode line: Latin-1 with `\\uXXXX` and `\\UXXXXXXXX`. */
export function decodeRawUnicode(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) => {
    const point = Number.parseInt(short ?? long ?? "", 16);
    if (point > 0x10ffff) throw new Unreadable("it has a character beyond Unicode");
    return String.fromCodePoint(point);
  });
}

/** Python reads a Python 2 string as ASCII; anything else fails there too. */
export function requireAscii(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) throw new Unreadable("it has a Python 2 string that is not ASCII");
  }
  return text;
}
