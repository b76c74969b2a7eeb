import { basename, join, relative } from "node:path";
import protobuf from "protobufjs";
import { findPackageRoot } from "../../src/package-root.js";

/** The files of `proto/`, and `google.ts` for the messages of `google.protobuf` that they use. */
export const typeFiles: Readonly<Record<string, readonly string[]>> = {
  "google.ts": [
    "google/protobuf/duration.proto",
    "google/protobuf/struct.proto",
    "google/protobuf/timestamp.proto",
  ],
  "artifact.ts": ["artifact.proto"],
  "bundle.ts": ["bundle.proto"],
  "control.ts": ["control.proto"],
  "data.ts": ["data.proto"],
  "endpoints.ts": ["endpoints.proto"],
  "environment.ts": ["environment.proto"],
  "external-transforms.ts": ["external-transforms.proto"],
  "function-spec.ts": ["function-spec.proto"],
  "job.ts": ["job.proto"],
  "link.ts": ["beam2spark/link.proto"],
  "logging.ts": ["logging.proto"],
  "metrics.ts": ["metrics.proto"],
  "payloads.ts": ["payloads.proto"],
  "pipeline.ts": ["pipeline.proto"],
  "provision.ts": ["provision.proto"],
  "schema.ts": ["schema.proto"],
  "state.ts": ["state.proto"],
  "windowing.ts": ["windowing.proto"],
  "worker-pool.ts": ["worker-pool.proto"],
};

const scalarTypes: Readonly<Record<string, string>> = {
  double: "number",
  float: "number",
  int32: "number",
  int64: "bigint",
  bool: "boolean",
  string: "string",
  bytes: "Uint8Array",
};

interface Unit {
  readonly name: string;
  readonly definition: protobuf.Type | protobuf.Enum;
}

/** The TypeScript source of one file of `src/beam/protos/types`, made from the .proto files with their comments. */
export function generateTypes(typeFile: string): string {
  const root = new protobuf.Root();
  const folder = join(findPackageRoot(), "proto");
  root.resolvePath = (_origin, target) =>
    target.startsWith("google/") ? target : join(folder, placeOf(target));
  const protoFiles = typeFiles[typeFile] ?? [];
  for (const protoFile of protoFiles) root.loadSync(protoFile, { alternateCommentMode: true });
  root.resolveAll();

  const own = protoFiles.flatMap((protoFile) => unitsOf(root, protoFile));
  const imports = new Map<string, Set<string>>();
  const nameOf = (definition: protobuf.ReflectionObject): string => {
    const name = typeScriptName(definition);
    const home = Object.keys(typeFiles).find((candidate) =>
      typeFiles[candidate]?.includes(protoFileOf(definition) ?? ""),
    );
    if (!own.some((unit) => unit.name === name) && home !== undefined) {
      imports.set(home, (imports.get(home) ?? new Set()).add(name));
    }
    return name;
  };
  const blocks = own.flatMap(({ name, definition }) =>
    definition instanceof protobuf.Enum
      ? [enumSource(name, definition)]
      : [interfaceSource(name, definition, nameOf), typeSource(name, definition)],
  );
  const hasMessages = own.some((unit) => unit.definition instanceof protobuf.Type);
  return [
    `// Made from ${protoFiles.map((file) => (file.startsWith("google/") ? file : `proto/${placeOf(file)}`)).join(", ")} by test/protos/types.test.ts; run it with -u after a change there.`,
    "",
    ...(hasMessages
      ? ['import { type Message, type MessageType, messageType } from "../message-type.js";']
      : []),
    ...[...imports.keys()].sort().map((home) => importSource(home, [...(imports.get(home) ?? [])].sort())),
    "",
    `${blocks.join("\n\n")}\n`,
  ].join("\n");
}

/** The place of a file below `proto/`: those without a folder are Beam's. */
function placeOf(file: string): string {
  return file.includes("/") ? file : `beam/${file}`;
}

/** protobufjs gives the definitions of google.protobuf no file: this says where they are. */
const googleFiles: Readonly<Record<string, string>> = {
  Duration: "google/protobuf/duration.proto",
  Struct: "google/protobuf/struct.proto",
  Value: "google/protobuf/struct.proto",
  ListValue: "google/protobuf/struct.proto",
  NullValue: "google/protobuf/struct.proto",
  Timestamp: "google/protobuf/timestamp.proto",
};

/** The .proto file of a definition, as imports name it. */
function protoFileOf(definition: protobuf.ReflectionObject): string | undefined {
  if (definition.filename === null) return googleFiles[definition.name];
  const file = relative(join(findPackageRoot(), "proto"), definition.filename);
  return file.startsWith("beam/") ? basename(file) : file;
}

function unitsOf(root: protobuf.Root, file: string): Unit[] {
  const units: Unit[] = [];
  const visit = (definition: protobuf.ReflectionObject): void => {
    if (definition instanceof protobuf.Type) {
      const isHolder = definition.fieldsArray.length === 0 && definition.nested?.Enum !== undefined;
      if (!isHolder && protoFileOf(definition) === file)
        units.push({ name: typeScriptName(definition), definition });
    } else if (definition instanceof protobuf.Enum && protoFileOf(definition) === file) {
      units.push({ name: typeScriptName(definition), definition });
    }
    if (definition instanceof protobuf.Namespace) for (const nested of definition.nestedArray) visit(nested);
  };
  visit(root);
  return units;
}

/** `Trigger.AfterAll` is TriggerAfterAll; an enum that a message only wraps, such as `IsBounded.Enum`, is IsBounded. */
function typeScriptName(definition: protobuf.ReflectionObject): string {
  const { parent, name } = definition;
  if (!(parent instanceof protobuf.Type)) return name;
  return name === "Enum" ? typeScriptName(parent) : `${typeScriptName(parent)}${name}`;
}

function importSource(home: string, names: readonly string[]): string {
  const path = `./${home.replace(/\.ts$/u, ".js")}`;
  const line = `import type { ${names.join(", ")} } from "${path}";`;
  if (line.length <= 110) return line;
  return `import type {\n${names.map((name) => `  ${name},\n`).join("")}} from "${path}";`;
}

function enumSource(name: string, definition: protobuf.Enum): string {
  const parent = definition.parent;
  const comment = definition.comment ?? (definition.name === "Enum" ? (parent?.comment ?? null) : null);
  const entries = Object.entries(definition.values);
  return [
    ...commentSource(comment, ""),
    `export const ${name} = {`,
    ...entries.map(([key, number]) => `  ${key}: ${number},`),
    "} as const;",
    `/** A number of ${name}, or one that a later version of the model adds. */`,
    `export type ${name} = number;`,
  ].join("\n");
}

function interfaceSource(
  name: string,
  definition: protobuf.Type,
  nameOf: (definition: protobuf.ReflectionObject) => string,
): string {
  const lines = [...commentSource(definition.comment, ""), `export interface ${name} extends Message {`];
  for (const field of [...definition.fieldsArray].sort((a, b) => a.id - b.id)) {
    const value = field.resolvedType === null ? scalarTypes[field.type] : nameOf(field.resolvedType);
    if (value === undefined) throw new Error(`${field.fullName}: ${field.type} has no TypeScript type`);
    const absent = field.resolvedType instanceof protobuf.Type || field.partOf !== null;
    const type = field.map
      ? `ReadonlyMap<string, ${value}>`
      : field.repeated
        ? `readonly ${value}[]`
        : absent
          ? `${value} | undefined`
          : value;
    const oneof = field.partOf;
    const note = oneof !== null && oneof.fieldsArray.length > 1 ? `One of \`${oneof.name}\`.` : null;
    lines.push(...commentSource(field.comment ?? note, "  "), `  readonly ${field.name}: ${type};`);
  }
  return definition.fieldsArray.length === 0
    ? [...lines.slice(0, -1), `export interface ${name} extends Message {}`].join("\n")
    : [...lines, "}"].join("\n");
}

function typeSource(name: string, definition: protobuf.Type): string {
  const protoFile = protoFileOf(definition);
  const fullName = definition.fullName.slice(1);
  const head = `export const ${name}: MessageType<${name}> =`;
  const call = `messageType("${protoFile}", "${fullName}");`;
  const fits = (line: string): boolean => line.length <= 110;
  const brokenCall = (indent: string): string =>
    `messageType(\n${indent}  "${protoFile}",\n${indent}  "${fullName}",\n${indent});`;
  if (fits(`${head} ${call}`)) return `${head} ${call}`;
  if (fits(`${head} messageType(`)) return `${head} ${brokenCall("")}`;
  return fits(`  ${call}`) ? `${head}\n  ${call}` : `${head}\n  ${brokenCall("  ")}`;
}

function commentSource(comment: string | null, indent: string): string[] {
  if (comment === null) return [];
  const lines = comment.split("\n");
  return lines.length === 1
    ? [`${indent}/** ${comment} */`]
    : [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}
