import { lineWidth } from "./python-comment.js";

/** One call in a chain, such as `.groupBy("key")`: a name and arguments that are Python expressions already. */
export interface Call {
  readonly name: string;
  readonly arguments: readonly string[];
}

export function call(name: string, ...callArguments: readonly string[]): Call {
  return { name, arguments: callArguments };
}

/**
 * A statement that assigns the result of a chain of calls, laid out as the formatter does: on one line where it
 * fits; else one call to a line in parentheses, and the arguments of a call that is still too long one to a line.
 *
 * @param target the variable, or null for a statement that keeps nothing
 * @param receiver the expression that the first call is made on, or "" for a function
 */
export function statement(target: string | null, receiver: string, calls: readonly Call[], indent: string): string {
  const assign = target === null ? "" : `${target} = `;
  if (calls.length === 0) return indent + assign + receiver;
  const oneLine = indent + assign + receiver + calls.map((one, index) => flat(one, receiver, index)).join("");
  if (oneLine.length <= lineWidth) return oneLine;
  if (calls.length === 1) return indent + assign + receiver + spread(calls[0]!, receiver, 0, indent);
  const inner = `${indent}    `;
  const links = calls.map((one, index) => {
    const line = flat(one, receiver, index);
    return inner.length + line.length <= lineWidth ? inner + line : inner + spread(one, receiver, index, inner);
  });
  const head = receiver === "" ? [] : [inner + receiver];
  return [`${indent}${assign}(`, ...head, ...links, `${indent})`].join("\n");
}

function flat(one: Call, receiver: string, index: number): string {
  return `${dot(receiver, index)}${one.name}(${one.arguments.join(", ")})`;
}

function spread(one: Call, receiver: string, index: number, indent: string): string {
  const lines = one.arguments.map((argument) => `${indent}    ${argument},`);
  return [`${dot(receiver, index)}${one.name}(`, ...lines, `${indent})`].join("\n");
}

function dot(receiver: string, index: number): string {
  return receiver === "" && index === 0 ? "" : ".";
}
