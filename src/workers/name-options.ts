const prefix = "beam:option:";

/**
 * Pipeline options as workers are given them (`beam_provision_api.proto`, ProvisionInfo): each by its URN,
 * `beam:option:NAME:v1`. Python's workers know plain names, too; Go's and Java's find nothing under those.
 *
 * In: what a task sends, JSON by plain names; nothing where there are none. Errors: a SyntaxError if it is no JSON.
 */
export function nameOptions(json: string): Record<string, unknown> {
  const options = json === "" ? {} : (JSON.parse(json) as Record<string, unknown>);
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [nameOption(name), value]));
}

function nameOption(name: string): string {
  return name.startsWith(prefix) ? name : `${prefix}${name}:v1`;
}
