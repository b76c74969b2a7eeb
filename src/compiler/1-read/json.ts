/** A value of plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** An object of plain JSON. */
export interface JsonObject {
  readonly [key: string]: Json;
}
