export type FoundJava =
  | { readonly ok: true; readonly home: string; readonly version: number }
  | { readonly ok: false; readonly why: string };

export function findJava(
  environment?: Readonly<Record<string, string | undefined>>,
  platform?: string,
): FoundJava;
