import { lineWidth } from "./python-comment.js";

/** An argument that is a list of expressions, such as `side_inputs=[a, b]`: it can be laid out one to a line. */
export interface ListArgument {
  readonly prefix: string;
  readonly items: readonly string[];
}

/** A Python expression, whole or as a list that may be broken. */
export type Argument = string | ListArgument;

/** One call in a chain, such as `.groupBy("key")`: a name and arguments that are Python expressions already. */
export interface Call {
  readonly name: string;
  readonly arguments: readonly Argument[];
}

export function call(name: string, ...callArguments: readonly Argument[]): Call {
  return { name, arguments: callArguments };
}

/**
 * A statement that assigns the result of a chain of calls, laid out as the formatter does: on one line where it
 * fits; else one call to a line in parentheses, and the arguments of a call that is still too long one to a line.
 *
 * @param target the variable, or null for a statement that keeps nothing
 * @param receiver the expression that the first call is made on, or "" for a function
 */
export function statement(
  target: string | null,
  receiver: string,
  calls: readonly Call[],
  indent: string,
): string {
  const assign = target === null ? "" : `${target} = `;
  if (calls.length === 0) return indent + assign + receiver;
  const oneLine = indent + assign + receiver + calls.map((one, index) => flat(one, receiver, index)).join("");
  if (oneLine.length <= lineWidth) return oneLine;
  if (calls.length === 1) return indent + assign + receiver + spread(calls[0]!, receiver, 0, indent);
  const inner = `${indent}    `;
  const links = calls.map((one, index) => {
    const line = flat(one, receiver, index);
    return inner.length + line.length <= lineWidth
      ? inner + line
      : inner + spread(one, receiver, index, inner);
  });
  const head = receiver === "" ? [] : [inner + receiver];
  return [`${indent}${assign}(`, ...head, ...links, `${indent})`].join("\n");
}

function flat(one: Call, receiver: string, index: number): string {
  return `${dot(receiver, index)}${one.name}(${one.arguments.map(flatArgument).join(", ")})`;
}

function flatArgument(argument: Argument): string {
  return typeof argument === "string" ? argument : `${argument.prefix}[${argument.items.join(", ")}]`;
}

function spreadArgument(argument: Argument, indent: string): string {
  const line = `${indent}${flatArgument(argument)},`;
  if (typeof argument === "string" || line.length <= lineWidth) return line;
  const items = argument.items.map((item) => `${indent}    ${item},`);
  return [`${indent}${argument.prefix}[`, ...items, `${indent}],`].join("\n");
}

function spread(one: Call, receiver: string, index: number, indent: string): string {
  const lines = one.arguments.map((argument) => spreadArgument(argument, `${indent}    `));
  return [`${dot(receiver, index)}${one.name}(`, ...lines, `${indent})`].join("\n");
}

function dot(receiver: string, index: number): string {
  return receiver === "" && index === 0 ? "" : ".";
}
