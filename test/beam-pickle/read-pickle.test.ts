import { describe, expect, test } from "vitest";
import { defaultPickleLimits } from "../../src/beam/pickle/pickle-limits.js";
import type { PickleValue } from "../../src/beam/pickle/pickle-value.js";
import { readPickle } from "../../src/beam/pickle/read-pickle.js";

const none: PickleValue = { kind: "none" };
const integer = (value: bigint): PickleValue => ({ kind: "int", value });
const text = (value: string): PickleValue => ({ kind: "str", value });

describe("values", () => {
  test.each<readonly [string, string, PickleValue]>([
    ["NONE", "N.", none],
    ["NEWTRUE", "\x88.", { kind: "bool", value: true }],
    ["INT false", "I00\n.", { kind: "bool", value: false }],
    ["INT", "I-12\n.", integer(-12n)],
    ["INT zero is no boolean", "I0\n.", integer(0n)],
    ["LONG", "L123456789012345678901234567890L\n.", integer(123456789012345678901234567890n)],
    ["BININT", "J\xfe\xff\xff\xff.", integer(-2n)],
    ["BININT2", "M\x01\x02.", integer(513n)],
    ["LONG1", "\x8a\x02\x00\xff.", integer(-256n)],
    ["LONG1 of nothing", "\x8a\x00.", integer(0n)],
    ["LONG4", "\x8b\x01\x00\x00\x00\x80.", integer(-128n)],
    ["FLOAT", "F-1.5e3\n.", { kind: "float", value: -1500 }],
    ["FLOAT infinite", "F-inf\n.", { kind: "float", value: -Infinity }],
    ["BINFLOAT", "G\x3f\xf8\x00\x00\x00\x00\x00\x00.", { kind: "float", value: 1.5 }],
    ["STRING", "S'a\\n\\x41\\''\n.", text("a\nA'")],
    ["BINSTRING", "T\x02\x00\x00\x00ab.", text("ab")],
    ["UNICODE", "V\\u20ac\\U0001f600\xe9\n.", text("€😀é")],
    ["SHORT_BINUNICODE", "\x8c\x03\xe2\x82\xac.", text("€")],
    ["a byte order mark stays", "\x8c\x04\xef\xbb\xbfa.", text("\ufeffa")],
    ["a replacement character stays", "\x8c\x03\xef\xbf\xbd.", text("\ufffd")],
    ["BINUNICODE8", "\x8d\x01\x00\x00\x00\x00\x00\x00\x00a.", text("a")],
    ["SHORT_BINBYTES", "C\x01\xff.", { kind: "bytes", value: Buffer.from([255]) }],
    ["BYTEARRAY8", `\x96\x01${"\0".repeat(7)}\xff.`, { kind: "bytearray", value: Buffer.from([255]) }],
    ["TUPLE", "(NK\x01t.", { kind: "tuple", items: [none, integer(1n)] }],
    ["TUPLE2 keeps the order", "NK\x01\x86.", { kind: "tuple", items: [none, integer(1n)] }],
    ["LIST and APPEND", "(NlK\x01a.", { kind: "list", items: [none, integer(1n)] }],
    ["APPENDS", "](NNe.", { kind: "list", items: [none, none] }],
    ["DICT and SETITEM", "(K\x01NdK\x02Ns.", { kind: "dict", entries: [entry(1n), entry(2n)] }],
    ["SETITEMS keep a key that is set twice", "}(K\x01NK\x01Nu.", dict(entry(1n), entry(1n))],
    ["ADDITEMS", "\x8f(NK\x01\x90.", { kind: "set", items: [none, integer(1n)] }],
    ["FROZENSET", "(N\x91.", { kind: "frozenset", items: [none] }],
    ["GLOBAL", "cbuiltins\nsum\n.", { kind: "global", module: "builtins", name: "sum" }],
    ["STACK_GLOBAL", "Va\nVb.c\n\x93.", { kind: "global", module: "a", name: "b.c" }],
    ["POP, POP_MARK and DUP", "N(NN1K\x01020.", none],
    ["POP takes a mark", "N(0.", none],
    ["bytes after the end are ignored", "N.\xff", none],
  ])("%s", (_, pickle, value) => {
    expect(read(pickle)).toMatchObject({ readable: true, value });
  });

  test("a value from the memo is the same object", () => {
    for (const pickle of ["]\x94h\x00\x86.", "]p7\ng7\n\x86.", "]q\x02j\x02\x00\x00\x00\x86.", "]2\x86."]) {
      const document = read(pickle);
      if (!document.readable || document.value.kind !== "tuple") throw new Error("a pair is expected");
      expect(document.value.items[0]).toBe(document.value.items[1]);
    }
  });

  test("a list may contain itself", () => {
    const document = read("]\x94h\x00a.");
    if (!document.readable || document.value.kind !== "list") throw new Error("a list is expected");
    expect(document.value.items[0]).toBe(document.value);
  });
});

describe("calls", () => {
  test("an instance with its state, items and entries", () => {
    const document = read("cm\nC\n)\x81}VA\nNsb(NeVK\nNs.");
    expect(document).toMatchObject({
      value: {
        kind: "object",
        made: "new",
        callable: { module: "m", name: "C" },
        args: { kind: "tuple", items: [] },
        keywords: null,
        states: [{ kind: "dict", entries: [[text("A"), none]] }],
        items: [none],
        entries: [[text("K"), none]],
      },
    });
  });

  test("NEWOBJ_EX, INST and OBJ", () => {
    expect(read("cm\nC\n)}\x92.")).toMatchObject({ value: { made: "new", keywords: { kind: "dict" } } });
    expect(read("(Nim\nC\n.")).toMatchObject({ value: { made: "call", args: { items: [none] } } });
    expect(read("(cm\nC\nNo.")).toMatchObject({ value: { made: "call", args: { items: [none] } } });
  });

  test("all are kept in order, also those whose result is thrown away", () => {
    const document = read("ca\nf\n)R0cb\ng\n)R.");
    if (!document.readable) throw new Error(document.reason);
    expect(document.calls.map((call) => call.callable)).toMatchObject([{ name: "f" }, { name: "g" }]);
    expect(document.calls[1]).toBe(document.value);
  });
});

describe("what can't be read says why", () => {
  test.each([
    ["nothing", "", /ends at byte 0/],
    ["no end", "N", /ends at byte 1/],
    ["an empty stack", ".", /empty stack/],
    ["a cut string", "\x8c\x05ab", /ends at byte 4/],
    ["a cut line", "cbuiltins\nsum", /within a line/],
    ["an unknown opcode", "\xfe.", /byte 0 is 254/],
    ["a newer protocol", "\x80\x06N.", /protocol 6/],
    ["a frame beyond the end", "\x95\xff\xff\xff\xff\xff\xff\xff\xffN.", /within something longer/],
    ["a giant length", "\x8e\xff\xff\xff\xff\xff\xff\xff\xff", /within something longer/],
    ["a negative length", "T\xff\xff\xff\xff.", /negative length/],
    ["a long integer", "\x8b\x00\x00\x01\x00", /integer that is too long/],
    ["a long decimal integer", `I${"9".repeat(5000)}\n.`, /integer that is too long/],
    ["no integer", "Ix1\n.", /where an integer/],
    ["no number", "F1_0\n.", /where a number/],
    ["text that isn't UTF-8", "\x8c\x01\xff.", /not UTF-8/],
    ["a Python 2 string that isn't ASCII", "U\x01\xff.", /not ASCII/],
    ["a string without quotes", "Sabc\n.", /without quotes/],
    ["a character beyond Unicode", "V\\Uffffffff\n.", /beyond Unicode/],
    ["a persistent id", "Pid\n.", /persistent id/],
    ["a binary persistent id", "NQ.", /persistent id/],
    ["the extension registry", "\x82\x01.", /extension registry/],
    ["a buffer beside it", "\x97.", /beside it/],
    ["a value never stored", "h\x07.", /value 7/],
    ["a missing mark", "Nt.", /no mark/],
    ["a key without a value", "}(Nu.", /without a value/],
    ["an append to a tuple", ")Na.", /appends to a tuple/],
    ["an item of a list", "]NNs.", /item of a list/],
    ["an addition to a dict", "}(N\x90.", /adds to a dict/],
    ["the state of a module's name", "cm\nC\n}b.", /state of a global/],
    ["a global without a name", "NN\x93.", /global without a string/],
  ])("%s", (_, pickle, reason) => {
    expect(read(pickle)).toEqual({ readable: false, reason: expect.stringMatching(reason) });
  });

  test("too many operations", () => {
    const limits = { ...defaultPickleLimits, operations: 10 };
    expect(readPickle(latin1(`${"N0".repeat(4)}N.`), limits)).toMatchObject({ readable: true });
    expect(readPickle(latin1(`${"N0".repeat(5)}N.`), limits)).toEqual({
      readable: false,
      reason: "it has over 10 operations",
    });
  });

  test("too many bytes", () => {
    const limits = { ...defaultPickleLimits, bytes: 3 };
    expect(readPickle(latin1("N0N."), limits)).toEqual({ readable: false, reason: "it is over 3 bytes" });
  });

  test("nesting, up to the limit and beyond", () => {
    const limits = { ...defaultPickleLimits, depth: 50 };
    const nested = (depth: number) => latin1(`${")"}${"\x85".repeat(depth)}.`);
    expect(readPickle(nested(49), limits)).toMatchObject({ readable: true });
    expect(readPickle(nested(50), limits)).toEqual({
      readable: false,
      reason: "its values are nested over 50 deep",
    });
    expect(readPickle(nested(900_000))).toMatchObject({ readable: false });
  });

  test("a hundred doublings of one value are linear work", () => {
    const document = read(`)${"2\x86".repeat(100)}.`);
    expect(document).toMatchObject({ readable: true, calls: [] });
  });
});

function entry(key: bigint): readonly [PickleValue, PickleValue] {
  return [integer(key), none];
}

function dict(...entries: (readonly [PickleValue, PickleValue])[]): PickleValue {
  return { kind: "dict", entries };
}

function latin1(pickle: string): Buffer {
  return Buffer.from(pickle, "latin1");
}

function read(pickle: string) {
  return readPickle(latin1(pickle));
}
