import { URN } from "../../beam/urns.js";
import type { ValueLayout } from "../../compiler/4-physical/layout.js";
import { type ByteReader, MalformedElementError } from "../bytes/byte-reader.js";
import type { CoderTree } from "../worker-coders.js";
import { BinaryBuilder } from "./binary-builder.js";
import type { BuiltColumn } from "./built-column.js";
import type { ColumnBuilder } from "./column-builder.js";
import { Fixed64Builder } from "./fixed-builder.js";
import { readInteger } from "./integer-encodings.js";
import { OffsetsBuilder } from "./offsets-builder.js";
import { reencode } from "./reencode.js";
import { ValidityBuilder } from "./validity-builder.js";

type Builders = {
  readonly [K in ValueLayout["kind"]]: (
    layout: Extract<ValueLayout, { kind: K }>,
    coder: CoderTree,
  ) => ColumnBuilder;
};

const builders = {
  bytes: () => readBytes(),
  utf8: () => readBytes(),
  encoded: (_layout, coder) =>
    coder.urn === URN.coderLengthPrefix ? readWithLength() : readReencoded(coder),
  bool: () => readBools(),
  varint: () => readFixed64((source) => source.varint64()),
  "coded-integer": ({ encoding }) => readFixed64(readInteger[encoding]),
  double: () => readFixed64((source) => source.int64()),
  integer: () => madeBySpark("integer"),
  quotient: () => madeBySpark("quotient"),
  record: () => madeBySpark("record"),
  nullable: (layout, coder) => {
    const builder = createBuilder(layout.value, coder.parts[0]!);
    return {
      read(source, isNested) {
        if (source.byte() === 0) builder.skip();
        else builder.read(source, isNested);
      },
      skip: () => builder.skip(),
      get size() {
        return builder.size;
      },
      finish: () => builder.finish(),
    };
  },
  iterable: (layout, coder) => readLists(createBuilder(layout.element, coder.parts[0]!)),
  kv: (layout, coder) =>
    readPairs(createBuilder(layout.key, coder.parts[0]!), createBuilder(layout.value, coder.parts[1]!)),
} satisfies Builders;

/** What makes a column of the values that a worker sends in a coder. */
export function createBuilder(layout: ValueLayout, coder: CoderTree): ColumnBuilder {
  const create = builders[layout.kind] as (layout: ValueLayout, coder: CoderTree) => ColumnBuilder;
  return create(layout, coder);
}

function readBytes(): ColumnBuilder {
  return readWholeBinary((source, isNested, { out }) => {
    const count = isNested ? source.length() : source.end - source.position;
    const start = source.skip(count);
    out.range(source.source, start, start + count);
  });
}

function readWithLength(): ColumnBuilder {
  return readWholeBinary((source, _isNested, { out }) => {
    const count = source.length();
    const start = source.skip(count);
    out.range(source.source, start, start + count);
  });
}

function readReencoded(coder: CoderTree): ColumnBuilder {
  return readBinary((source, isNested, { out }) => reencode(coder, source, isNested, out, false));
}

type TakeBinary = (source: ByteReader, isNested: boolean, builder: BinaryBuilder) => void;

/** Takes values that are, where they are nested, bytes with their length before them. */
function readWholeBinary(take: TakeBinary): ColumnBuilder {
  const binary = new BinaryBuilder();
  return Object.assign(readBinary(take, binary), { binary });
}

function readBinary(take: TakeBinary, builder = new BinaryBuilder()): ColumnBuilder {
  return {
    read(source, isNested) {
      take(source, isNested, builder);
      builder.end();
    },
    skip: () => builder.skip(),
    get size() {
      return builder.size;
    },
    finish: () => builder.finish(),
  };
}

function readFixed64(take: (source: ByteReader) => void): ColumnBuilder {
  const builder = new Fixed64Builder();
  return {
    read(source) {
      take(source);
      builder.push(source.low, source.high);
    },
    skip: () => builder.skip(),
    get size() {
      return builder.size;
    },
    finish: () => builder.finish(),
  };
}

/** A column of bits: those of the values are kept as those of the nulls are. */
function readBools(): ColumnBuilder {
  const bits = new ValidityBuilder();
  const validity = new ValidityBuilder();
  let length = 0;
  const push = (value: boolean, isValid: boolean): void => {
    bits.push(value);
    validity.push(isValid);
    length++;
  };
  return {
    read(source) {
      push(source.byte() !== 0, true);
    },
    skip: () => push(false, false),
    get size() {
      return length >> 3;
    },
    finish() {
      const count = length;
      length = 0;
      const values = bits.finish().validity ?? new Uint8Array((count + 7) >> 3).fill(0xff);
      return { length: count, ...validity.finish(), offsets: null, values, children: [] };
    },
  };
}

function readLists(element: ColumnBuilder): ColumnBuilder {
  const offsets = new OffsetsBuilder();
  const validity = new ValidityBuilder();
  let elements = 0;
  const take = (source: ByteReader, count: number): void => {
    for (let index = 0; index < count; index++) element.read(source, true);
    elements += count;
  };
  const end = (isValid: boolean): void => {
    offsets.push(elements);
    validity.push(isValid);
  };
  return {
    read(source) {
      const count = source.int32();
      if (count >= 0) take(source, count);
      // A list whose length was not known comes in blocks, each after its count, and an empty one at the end.
      else for (let block = source.length(); block > 0; block = source.length()) take(source, block);
      end(true);
    },
    skip: () => end(false),
    get size() {
      return element.size;
    },
    finish(): BuiltColumn {
      elements = 0;
      const ends = offsets.finish();
      return {
        length: ends.length - 1,
        ...validity.finish(),
        offsets: ends,
        values: null,
        children: [element.finish()],
      };
    },
  };
}

/** A pair below the top of an element. */
function readPairs(key: ColumnBuilder, value: ColumnBuilder): ColumnBuilder {
  const validity = new ValidityBuilder();
  let length = 0;
  return {
    read(source, isNested) {
      key.read(source, true);
      value.read(source, isNested);
      validity.push(true);
      length++;
    },
    skip() {
      key.skip();
      value.skip();
      validity.push(false);
      length++;
    },
    get size() {
      return key.size + value.size;
    },
    finish() {
      const count = length;
      length = 0;
      const children = [key.finish(), value.finish()];
      return { length: count, ...validity.finish(), offsets: null, values: null, children };
    },
  };
}

function madeBySpark(kind: string): never {
  throw new MalformedElementError(`no worker makes a column of kind ${kind}`);
}
