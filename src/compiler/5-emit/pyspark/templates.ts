import { compileTemplates, type Templates, type TemplateTexts } from "../shared/templates.js";
import { type Call, type Chain, chain, type Expression, statement } from "./python-code.js";

const indent = "    ";

/**
 * The templates of the PySpark target. Of their helpers, `call` names a method and its arguments, and `statement` lays
 * an assignment out as Python's formatter does.
 */
export function compilePysparkTemplates(texts: TemplateTexts): Templates {
  return compileTemplates(texts, {
    call: (method: string, ...given: unknown[]): Call => {
      const shown = given.slice(0, -1).filter((argument) => argument !== undefined);
      return { method, arguments: shown.flat() as Expression[] };
    },
    statement: (target: string | null, rows: string | Chain, ...given: unknown[]) => {
      const calls = given.slice(0, -1).flat() as readonly Call[];
      return statement(target, calls.length === 0 ? rows : chain(rows, ...calls), indent);
    },
  });
}
