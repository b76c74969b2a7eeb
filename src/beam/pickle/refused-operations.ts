import type { Operations } from "./pickle-machine.js";
import { Unreadable } from "./unreadable.js";

/** Opcodes whose meaning lies outside of the pickle, so that nobody can read them from it alone. */
export const refusedOperations: Operations = {
  // PERSID and BINPERSID
  P: refuse("it refers to an object that is kept elsewhere by a persistent id"),
  Q: refuse("it refers to an object that is kept elsewhere by a persistent id"),
  // EXT1, EXT2 and EXT4
  "\x82": refuse("it uses a code of Python's extension registry"),
  "\x83": refuse("it uses a code of Python's extension registry"),
  "\x84": refuse("it uses a code of Python's extension registry"),
  // NEXT_BUFFER and READONLY_BUFFER
  "\x97": refuse("it refers to a buffer that is sent beside it"),
  "\x98": refuse("it refers to a buffer that is sent beside it"),
};

function refuse(reason: string): () => never {
  return () => {
    throw new Unreadable(reason);
  };
}
