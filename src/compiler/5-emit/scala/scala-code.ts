import { type CallChain, extendChain, type MethodCall, makeCall } from "../shared/call-chain.js";
import { lineWidth } from "../shared/line-comment.js";
import { splitText } from "../shared/split-text.js";
import { joinFunction, longestLiteral, scalaString } from "./scala-literal.js";

/** An argument by its name, such as `schema = "value binary"`. */
export interface Named {
  readonly name: string;
  readonly value: Expression;
}

/**
 * A text of parts with commas between them, such as a schema: where it is too wide, each group of parts begins a
 * line of its own.
 */
export interface TextExpression {
  readonly groups: readonly (readonly string[])[];
}

/** Calls on a name, such as `job.output(rows, 1)`; the first call of a function has no name of its own. */
export type Chain = CallChain<Expression>;

/** A Scala expression: whole, or with places where a line may be broken. */
export type Expression = string | Named | TextExpression | Chain;

/** One call of a chain, such as `.groupBy("key")`. */
export type Call = MethodCall<Expression>;

/** The call of a method. */
export const call = makeCall<Expression>;

/** More calls on what an expression gives. */
export const chain = extendChain<Expression>;

/** A function's call, such as `Seq(first, second)`. */
export function apply(name: string, ...callArguments: readonly Expression[]): Chain {
  return chain(name, call("", ...callArguments));
}

/** An argument by its name. */
export function named(name: string, value: Expression): Named {
  return { name, value };
}

/**
 * A statement in a layout that scalafmt leaves as it is: on one line where it fits; else a chain of several calls has
 * each on a line of its own, and a single call its arguments.
 *
 * @param target the value's name, or null for a statement that keeps nothing
 */
export function statement(target: string | null, value: Expression, indent: string): string {
  const assign = target === null ? indent : `${indent}val ${target} = `;
  return assign + layOut(value, { indent, column: assign.length, after: 0 });
}

/** Where an expression stands. */
interface Position {
  /** Of the line on which it begins. */
  readonly indent: string;
  readonly column: number;
  /** Characters that follow it on its last line. */
  readonly after: number;
}

function layOut(written: Expression, at: Position): string {
  const expression = joinLong(written);
  const line = flat(expression);
  if (typeof expression === "string" || at.column + line.length + at.after <= lineWidth) return line;
  if ("value" in expression) return layOutNamed(expression, at);
  if ("groups" in expression) return textLines(expression, at.indent).join(` +\n${at.indent}  `);
  const { receiver, calls } = expression;
  const dots = calls.filter(({ method }) => method !== "").length;
  if (dots < 2) {
    const last = calls.at(-1)!;
    return flat({ receiver, calls: calls.slice(0, -1) }) + broken(last, at.indent);
  }
  const inner = `${at.indent}  `;
  const lines = calls.map((one, index) => {
    const line = flatCall(one);
    const after = index === calls.length - 1 ? at.after : 0;
    return inner + (inner.length + line.length + after <= lineWidth ? line : broken(one, inner));
  });
  return [receiver, ...lines].join("\n");
}

/** A call with its arguments one to a line. */
function broken(one: Call, indent: string): string {
  const inner = `${indent}  `;
  const lines = one.arguments.map((argument, index) => {
    const after = index === one.arguments.length - 1 ? 0 : 1;
    return inner + layOut(argument, { indent: inner, column: inner.length, after });
  });
  return `${dotted(one)}(\n${lines.join(",\n")}\n${indent})`;
}

/** A text that is too wide beside its name stands below it, if it fits there. */
function layOutNamed({ name, value }: Named, { indent, after }: Position): string {
  const head = `${name} = `;
  const below = `${indent}  `;
  const isText = typeof value !== "string" && "groups" in value && textOf(value).length <= longestLiteral;
  if (isText && below.length + flat(value).length + after <= lineWidth) {
    return `${head.trimEnd()}\n${below}${flat(value)}`;
  }
  return head + layOut(value, { indent, column: indent.length + head.length, after });
}

function flat(expression: Expression): string {
  if (typeof expression === "string") return expression;
  if ("value" in expression) return `${expression.name} = ${flat(expression.value)}`;
  if ("groups" in expression) return scalaString(textOf(expression));
  return expression.receiver + expression.calls.map(flatCall).join("");
}

function flatCall(one: Call): string {
  return `${dotted(one)}(${one.arguments.map(flat).join(", ")})`;
}

function dotted({ method }: Call): string {
  return method === "" ? "" : `.${method}`;
}

function textOf({ groups }: TextExpression): string {
  return groups.flat().join(", ");
}

/** A text that is too long for one constant is joined at run time, of parts that are not. */
function joinLong(expression: Expression): Expression {
  if (typeof expression === "string" || !("groups" in expression)) return expression;
  if (textOf(expression).length <= longestLiteral) return expression;
  const parts = splitText(expression.groups, (text) => text.length <= longestLiteral);
  return apply(joinFunction, '""', ...parts.map(scalaString));
}

/** What stands before the first literal of a text that is broken, and after the others. */
const aroundLiteral = 'schema = ""'.length + " +".length;

/** The literals of a text, each within a line unless one part alone is wider. */
function textLines({ groups }: TextExpression, indent: string): readonly string[] {
  const width = lineWidth - indent.length - aroundLiteral;
  return splitText(groups, (text) => text.length <= width).map(scalaString);
}
