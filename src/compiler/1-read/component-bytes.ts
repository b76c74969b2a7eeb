import { WireReader, WireType } from "../../beam/protos/wire-reader.js";

/** The components as the SDK wrote them, byte for byte, by id. */
export interface ComponentBytes {
  readonly transforms: ReadonlyMap<string, Uint8Array>;
  readonly pcollections: ReadonlyMap<string, Uint8Array>;
  readonly windowingStrategies: ReadonlyMap<string, Uint8Array>;
  readonly coders: ReadonlyMap<string, Uint8Array>;
  readonly environments: ReadonlyMap<string, Uint8Array>;
}

/** Field numbers of `Pipeline` and of `Components`. */
const componentsField = 1;
const fields = {
  transforms: 1,
  pcollections: 2,
  windowingStrategies: 3,
  coders: 4,
  environments: 5,
} as const;

/**
 * Takes a pipeline's bytes apart into those of its components; views, not copies. The bytes must have been
 * decoded as a `Pipeline` before: they throw MalformedMessageError where they are none.
 */
export function splitComponents(pipeline: Uint8Array): ComponentBytes {
  const tables = new Map<number, Map<string, Uint8Array>>(
    Object.values(fields).map((field) => [field, new Map()]),
  );
  const reader = new WireReader(pipeline);
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === delimitedTag(componentsField)) splitTables(reader.nested(), tables);
    else reader.skip(tag);
  }
  const table = (field: number): ReadonlyMap<string, Uint8Array> => sortById(tables.get(field) ?? new Map());
  return {
    transforms: table(fields.transforms),
    pcollections: table(fields.pcollections),
    windowingStrategies: table(fields.windowingStrategies),
    coders: table(fields.coders),
    environments: table(fields.environments),
  };
}

function splitTables(reader: WireReader, tables: ReadonlyMap<number, Map<string, Uint8Array>>): void {
  while (!reader.done) {
    const tag = reader.tag();
    const table = (tag & 7) === WireType.delimited ? tables.get(tag >>> 3) : undefined;
    if (table === undefined) {
      reader.skip(tag);
      continue;
    }
    const { key, value } = readEntry(reader.nested());
    table.set(key, value);
  }
}

/** An entry's value may come in pieces: what they decode to together is the decoding of their concatenation. */
function readEntry(reader: WireReader): { key: string; value: Uint8Array } {
  let key = "";
  const values: Uint8Array[] = [];
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === delimitedTag(1)) key = reader.string();
    else if (tag === delimitedTag(2)) values.push(reader.delimited());
    else reader.skip(tag);
  }
  const [first, ...others] = values;
  return {
    key,
    value: first !== undefined && others.length === 0 ? first : new Uint8Array(Buffer.concat(values)),
  };
}

function delimitedTag(field: number): number {
  return (field << 3) | WireType.delimited;
}

function sortById<V>(table: ReadonlyMap<string, V>): ReadonlyMap<string, V> {
  return new Map([...table].sort(([left], [right]) => (left < right ? -1 : 1)));
}
