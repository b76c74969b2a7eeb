import protobuf from "protobufjs";
import { readProtoFile } from "./proto-files.js";

/** Kinds of fields that the Beam model uses. */
export type ScalarKind = "double" | "float" | "int32" | "int64" | "bool" | "string" | "bytes";

/** One field of a message, as the codec needs it. */
export interface FieldShape {
  readonly number: number;
  /** The property in TypeScript and in JSON, such as `uniqueName`. */
  readonly name: string;
  /** The name in the .proto file, such as `unique_name`. */
  readonly protoName: string;
  readonly form: "singular" | "repeated" | "map";
  /** The kind of the value; of a map, of its values. Keys of maps are strings throughout the model. */
  readonly kind: ScalarKind | "enum" | "message";
  /** Whether an absent value differs from the default one. */
  readonly presence: boolean;
  /** Names of the other fields of the same oneof. */
  readonly rivals: readonly string[];
  /** The shape of a message value. Only messages have one. */
  readonly message: (() => MessageShape) | undefined;
  /** Numbers of an enum value by name. Only enums have them. */
  readonly enumValues: ReadonlyMap<string, number> | undefined;
}

/** A message, as the codec needs it. */
export interface MessageShape {
  /** With its package, no leading dot. */
  readonly fullName: string;
  /** In the order of their numbers. */
  readonly fields: readonly FieldShape[];
  /** Those of them that are maps. */
  readonly maps: readonly FieldShape[];
  readonly byNumber: ReadonlyMap<number, FieldShape>;
  /** By the JSON name and by the .proto name. */
  readonly byName: ReadonlyMap<string, FieldShape>;
}

/** Reads message shapes out of the .proto files in `proto/beam`, each file when it is first asked for. */
export interface ShapeRegistry {
  /** Throws if the file has no such message. */
  message(file: string, fullName: string): MessageShape;
  /** Everything in the file and in what it imports, for tests that compare definitions. */
  root(file: string): protobuf.Root;
}

/** A registry over the package's own `proto/beam`, and `proto/` for what is not of Beam. */
export function createShapeRegistry(): ShapeRegistry {
  const root = new protobuf.Root();
  const loaded = new Set<string>();
  const shapes = new Map<string, MessageShape>();

  const parse = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    // Google's own types come with protobufjs.
    const known = protobuf.common.get(file);
    if (known !== null) {
      root.addJSON(known.nested ?? {});
      return;
    }
    const { imports = [], weakImports = [] } = protobuf.parse(readProtoFile(file), root);
    for (const imported of [...imports, ...weakImports]) parse(imported);
  };
  const load = (file: string): protobuf.Root => {
    if (!loaded.has(file)) {
      parse(file);
      root.resolveAll();
    }
    return root;
  };
  const shapeOf = (type: protobuf.Type): MessageShape => {
    const known = shapes.get(type.fullName);
    if (known !== undefined) return known;
    const fields = type.fieldsArray
      .map((field) => buildField(field, shapeOf))
      .sort((a, b) => a.number - b.number);
    const shape: MessageShape = {
      fullName: type.fullName.slice(1),
      fields,
      maps: fields.filter((field) => field.form === "map"),
      byNumber: new Map(fields.map((field) => [field.number, field])),
      byName: new Map(
        fields.flatMap((field) => [[field.protoName, field] as const, [field.name, field] as const]),
      ),
    };
    shapes.set(type.fullName, shape);
    return shape;
  };
  return {
    message: (file, fullName) => shapeOf(load(file).lookupType(fullName)),
    root: load,
  };
}

const scalarKinds: ReadonlySet<string> = new Set<ScalarKind>([
  "double",
  "float",
  "int32",
  "int64",
  "bool",
  "string",
  "bytes",
]);

function buildField(field: protobuf.Field, shapeOf: (type: protobuf.Type) => MessageShape): FieldShape {
  field.resolve();
  const { resolvedType } = field;
  const form = field.map ? "map" : field.repeated ? "repeated" : "singular";
  if (field instanceof protobuf.MapField && field.keyType !== "string") {
    throw new Error(`${field.fullName}: maps with ${field.keyType} keys are not supported`);
  }
  if (resolvedType === null && !scalarKinds.has(field.type)) {
    throw new Error(`${field.fullName}: fields of type ${field.type} are not supported`);
  }
  const isMessage = resolvedType instanceof protobuf.Type;
  const oneof = field.partOf;
  return {
    number: field.id,
    name: field.name,
    protoName: field.name.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`),
    form,
    kind: resolvedType === null ? (field.type as ScalarKind) : isMessage ? "message" : "enum",
    presence: form === "singular" && (isMessage || oneof !== null),
    rivals:
      oneof === null ? [] : oneof.fieldsArray.filter((other) => other !== field).map((other) => other.name),
    message: isMessage ? once(() => shapeOf(resolvedType)) : undefined,
    enumValues:
      resolvedType instanceof protobuf.Enum ? new Map(Object.entries(resolvedType.values)) : undefined,
  };
}

/** Messages can hold themselves, so their fields' shapes are made when first asked for; and no more than once. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
