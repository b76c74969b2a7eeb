import Handlebars from "handlebars";

/** The texts of a target's templates, by path below its folder. */
export type TemplateTexts = ReadonlyMap<string, string>;

/** A target's templates. */
export interface Templates {
  /** What a template shows of a view. Throws where this installation lacks it. */
  render(path: string, view: object): string;
}

/** A function that templates call to lay code out. */
export type Helper = Handlebars.HelperDelegate;

/** Templates whose texts somebody still has: who compiles many pipelines has them once for all. */
const compiledTemplates = new WeakMap<TemplateTexts, Templates>();

/**
 * Makes templates of texts, once for the same map of texts, which are one target's. They hold no logic but the target's
 * helpers, and each is compiled when it is needed.
 */
export function compileTemplates(texts: TemplateTexts, helpers: Readonly<Record<string, Helper>>): Templates {
  const templates = compiledTemplates.get(texts) ?? makeTemplates(texts, helpers);
  compiledTemplates.set(texts, templates);
  return templates;
}

function makeTemplates(texts: TemplateTexts, helpers: Readonly<Record<string, Helper>>): Templates {
  const environment = Handlebars.create();
  environment.registerHelper(helpers);
  const compiled = new Map<string, Handlebars.TemplateDelegate>();
  const compile = (path: string): Handlebars.TemplateDelegate => {
    const text = texts.get(path);
    if (text === undefined) throw new Error(`the template ${path} is missing from this installation`);
    return environment.compile(text, { noEscape: true, strict: false });
  };
  return {
    render(path, view) {
      const template = compiled.get(path) ?? compile(path);
      compiled.set(path, template);
      return template(view);
    },
  };
}
