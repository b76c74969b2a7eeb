import { z } from "zod";

/** Bytes as they were read; not copied. */
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, "is not bytes");

/** A string that says something: an id, a URN, a command. */
export const nonEmpty = z.string().min(1, "is empty");

/** A function that must be there: `FunctionSpec` of the pipeline proto. */
export const functionSpec = z.object({ urn: nonEmpty, payload: bytes }, "is missing").readonly();

/** A function as an SDK wrote it. */
export type FunctionSpec = z.output<typeof functionSpec>;

/** A function that may be absent: null then. */
export const optionalFunctionSpec = functionSpec.optional().transform((spec) => spec ?? null);

/** An enum of the proto: its number becomes its name; numbers that we don't know are refused. */
export function enumName<const V extends Readonly<Record<string, number>>>(values: V) {
  const names = new Map(Object.entries(values).map(([name, number]) => [number, name as keyof V & string]));
  return z.number().transform((number, context): keyof V & string => {
    const name = names.get(number);
    if (name !== undefined) return name;
    context.addIssue({ code: "custom", message: `has the unknown value ${number}` });
    return z.NEVER;
  });
}
