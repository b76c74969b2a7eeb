import { compileTemplates, type Templates, type TemplateTexts } from "../shared/templates.js";
import type { Kept } from "./node-view.js";
import { type Call, type Chain, call, chain, type Expression, statement } from "./scala-code.js";

/** How far the statements of a node are indented. */
interface Indented {
  readonly indent: string;
}

/**
 * The templates of the Scala target. Of their helpers, `call` names a method and its arguments, `on` puts calls on an
 * expression, and `statement` lays out what a node's rows are, and that they are kept where they are.
 */
export function compileScalaTemplates(texts: TemplateTexts): Templates {
  return compileTemplates(texts, {
    call: (method: string, ...given: unknown[]): Call => call(method, ...expressions(given)),
    on: (rows: string | Chain, ...given: unknown[]): Chain => chain(rows, ...calls(given)),
    statement: (view: Kept & Indented, rows: string | Chain, ...given: unknown[]): string => {
      const value = calls(given).length === 0 ? rows : chain(rows, ...calls(given));
      const { indent } = view;
      if (view.keep === null) return statement(view.variable, value, indent);
      if (view.keep === "run") {
        const run = chain("job", call("run", view.variable, view.at));
        return `${statement(view.variable, value, indent)}\n${statement(null, run, indent)}`;
      }
      return statement(view.variable, chain("job", call(view.keep, value, view.at)), indent);
    },
  });
}

/** The arguments that a template gave to a helper, without Handlebars' own last one. */
function expressions(given: readonly unknown[]): readonly Expression[] {
  const shown = given.slice(0, -1).filter((argument) => argument !== undefined);
  return shown.flat() as Expression[];
}

function calls(given: readonly unknown[]): readonly Call[] {
  return given.slice(0, -1).flat() as readonly Call[];
}
