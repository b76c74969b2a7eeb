import { type CallChain, extendChain, type MethodCall, makeCall } from "../shared/call-chain.js";
import { lineWidth } from "../shared/line-comment.js";
import { splitText } from "../shared/split-text.js";
import { pythonString } from "./python-literal.js";

/** A list of expressions, such as `side_inputs=[a, b]`: it can be laid out one to a line. */
export interface ListExpression {
  readonly prefix: string;
  readonly items: readonly string[];
}

/**
 * A text of parts with commas between them, such as a schema: where it is too wide, each group of parts begins a
 * line of its own.
 */
export interface TextExpression {
  readonly prefix: string;
  readonly groups: readonly (readonly string[])[];
}

/** Calls on a name, such as `job.output(rows, 1)`. */
export type Chain = CallChain<Expression>;

/** A Python expression: whole, or with places where a line may be broken. */
export type Expression = string | ListExpression | TextExpression | Chain;

/** One call of a chain, such as `.groupBy("key")`. */
export type Call = MethodCall<Expression>;

/** The call of a method. */
export const call = makeCall<Expression>;

/** More calls on what an expression gives. */
export const chain = extendChain<Expression>;

/**
 * A statement that keeps what a chain of calls gives, in a layout that Python's formatter leaves as it is: on one
 * line where it fits; else three calls or more one to a line in parentheses, and fewer with the last one's arguments
 * below each other, two calls as two statements where even that is too wide.
 *
 * @param target the variable, or null for a statement that keeps nothing
 */
export function statement(target: string | null, value: string | Chain, indent: string): string {
  const assign = target === null ? indent : `${indent}${target} = `;
  const oneLine = assign + flat(value);
  if (typeof value === "string" || oneLine.length <= lineWidth) return oneLine;
  const { receiver, calls } = value;
  const last = calls.at(-1)!;
  if (calls.length > 2) return assign + inParentheses(value, indent);
  const head = assign + flat({ receiver, calls: calls.slice(0, -1) });
  if (`${head}.${last.method}(`.length <= lineWidth) return head + broken(last, indent);
  if (calls.length === 1 || target === null) return assign + inParentheses(value, indent);
  const first = statement(target, { receiver, calls: calls.slice(0, -1) }, indent);
  return `${first}\n${statement(target, { receiver: target, calls: [last] }, indent)}`;
}

function inParentheses({ receiver, calls }: Chain, indent: string): string {
  const inner = `${indent}    `;
  const all = inner + flat({ receiver, calls });
  if (all.length <= lineWidth) return `(\n${all}\n${indent})`;
  const lines = calls.map((one, index) => {
    const lead = index === 0 ? inner + receiver : inner;
    const line = lead + flatCall(one);
    return line.length <= lineWidth ? line : lead + broken(one, inner);
  });
  return `(\n${lines.join("\n")}\n${indent})`;
}

function flat(expression: Expression): string {
  if (typeof expression === "string") return expression;
  if ("items" in expression) return `${expression.prefix}[${expression.items.join(", ")}]`;
  if ("groups" in expression) return expression.prefix + pythonString(expression.groups.flat().join(", "));
  return expression.receiver + expression.calls.map(flatCall).join("");
}

function flatCall(one: Call): string {
  return `.${one.method}(${one.arguments.map(flat).join(", ")})`;
}

/** A call with its arguments one to a line; the comma after the last keeps them so. */
function broken(one: Call, indent: string): string {
  const lines = one.arguments.map((argument) => `${argumentLines(argument, `${indent}    `)},\n`);
  return `.${one.method}(\n${lines.join("")}${indent})`;
}

function argumentLines(argument: Expression, indent: string): string {
  const line = indent + flat(argument);
  if (typeof argument === "string" || line.length + 1 <= lineWidth) return line;
  if ("items" in argument) {
    const items = argument.items.map((item) => `${indent}    ${item},\n`);
    return `${indent}${argument.prefix}[\n${items.join("")}${indent}]`;
  }
  if ("groups" in argument) {
    const lines = textLines(argument.groups, lineWidth - indent.length - 4);
    return `${indent}${argument.prefix}(\n${lines.map((text) => `${indent}    ${text}\n`).join("")}${indent})`;
  }
  const { receiver, calls } = argument;
  const head = indent + flat({ receiver, calls: calls.slice(0, -1) });
  return `${head}.${calls.at(-1)!.method}(`.length <= lineWidth
    ? head + broken(calls.at(-1)!, indent)
    : indent + receiver + calls.map((one) => broken(one, indent)).join("");
}

/** The literals of a text that Python puts together, each within a width unless one part alone is wider. */
function textLines(groups: readonly (readonly string[])[], width: number): readonly string[] {
  const whole = pythonString(groups.flat().join(", "));
  if (whole.length <= width) return [whole];
  return splitText(groups, (text) => pythonString(text).length <= width).map(pythonString);
}
