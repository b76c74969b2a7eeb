import Handlebars from "handlebars";
import type { PhysicalNode } from "../../4-physical/physical-plan.js";
import type { NodeView } from "./node-view.js";
import { type Call, type Chain, chain, type Expression, statement } from "./python-code.js";

/** The compiled templates of the PySpark target. */
export interface Templates {
  job(view: object): string;
  readme(view: object): string;
  node(kind: PhysicalNode["kind"], view: NodeView): string;
  materialisation(view: NodeView): string;
}

/** Texts of `templates/pyspark`, by path below that folder. */
export type TemplateTexts = ReadonlyMap<string, string>;

const indent = "    ";

/**
 * Compiles templates. They hold no logic but two helpers: `call` names a method and its arguments, `statement` lays
 * an assignment out as Python's formatter does.
 */
export function compileTemplates(texts: TemplateTexts): Templates {
  const environment = Handlebars.create();
  environment.registerHelper("call", (name: string, ...given: unknown[]): Call => {
    const shown = given.slice(0, -1).filter((argument) => argument !== undefined);
    return { name, arguments: shown.flat() as Expression[] };
  });
  environment.registerHelper(
    "statement",
    (target: string | null, rows: string | Chain, ...given: unknown[]) => {
      const calls = given.slice(0, -1).flat() as readonly Call[];
      return statement(target, calls.length === 0 ? rows : chain(rows, ...calls), indent);
    },
  );
  const compile = (path: string): Handlebars.TemplateDelegate => {
    const text = texts.get(path);
    if (text === undefined) throw new Error(`the template ${path} is missing from this installation`);
    return environment.compile(text, { noEscape: true, strict: false });
  };
  const nodes = new Map<string, Handlebars.TemplateDelegate>();
  const job = compile("job.py.hbs");
  const readme = compile("README.md.hbs");
  const materialisation = compile("nodes/materialisation.hbs");
  return {
    job: (view) => job(view),
    readme: (view) => readme(view),
    node(kind, view) {
      const template = nodes.get(kind) ?? compile(`nodes/${kind}.hbs`);
      nodes.set(kind, template);
      return template(view);
    },
    materialisation: (view) => materialisation(view),
  };
}
