/** What the functions that are recognised by their code compile to, in hexadecimal, without their constants. */
export interface Bytecode {
  /** `lambda x: [fn(x)]`, where `fn` is captured: what `beam.Map` makes of a function. */
  readonly callsInList: RegExp;
  /** `lambda x: (x, c)` and `return x, c`; its group is the constant's place among the constants. */
  readonly pairs: RegExp;
}

/**
 * By Python's minor version. The instructions of CPython change from one to the next; those of a version that is not
 * here are not read.
 */
export const bytecodes: ReadonlyMap<string, Bytecode> = new Map([
  ["3.10", { callsInList: /^88007c00830167015300$/, pairs: /^7c0064(..)66025300$/ }],
  [
    "3.11",
    {
      callsInList: /^95019700020089017c00a6010000ab01000000000000000067015300$/,
      pairs: /^97007c0064(..)66025300$/,
    },
  ],
  [
    "3.12",
    { callsInList: /^95019700020089017c00ab0100000000000067015300$/, pairs: /^97007c0064(..)66025300$/ },
  ],
  [
    "3.13",
    { callsInList: /^3e01950054012200550035010000000000002f012400$/, pairs: /^9500550053(..)34022400$/ },
  ],
]);
