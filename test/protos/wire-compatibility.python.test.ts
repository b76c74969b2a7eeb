import { readdirSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { createShapeRegistry } from "../../src/beam/protos/shapes.js";
import { knownRequirements, sdkUrns, URN } from "../../src/beam/urns.js";
import { findPackageRoot } from "../../src/package-root.js";
import { runPython } from "./project-python.js";

interface FieldDescriptor {
  readonly number: number;
  readonly type: string;
  readonly label: string;
  readonly oneof: string | null;
}

interface MethodDescriptor {
  readonly request: string;
  readonly response: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

interface Descriptors {
  readonly messages: Readonly<Record<string, Readonly<Record<string, FieldDescriptor>>>>;
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly services: Readonly<Record<string, Readonly<Record<string, MethodDescriptor>>>>;
}

interface BeamDescriptors extends Descriptors {
  /** What the options of enum values name. */
  readonly urns: readonly string[];
}

const beam = JSON.parse(runPython("descriptors.py").toString("utf8")) as BeamDescriptors;
const ours = collect();

test("there is something to compare", () => {
  expect(Object.keys(ours.messages).length).toBeGreaterThan(120);
  expect(Object.keys(ours.enums).length).toBeGreaterThan(9);
  expect(Object.keys(ours.services).sort()).toEqual([
    "org.apache.beam.model.fn_execution.v1.BeamFnControl",
    "org.apache.beam.model.fn_execution.v1.BeamFnData",
    "org.apache.beam.model.fn_execution.v1.BeamFnExternalWorkerPool",
    "org.apache.beam.model.fn_execution.v1.BeamFnLogging",
    "org.apache.beam.model.fn_execution.v1.BeamFnState",
    "org.apache.beam.model.fn_execution.v1.ProvisionService",
    "org.apache.beam.model.job_management.v1.ArtifactRetrievalService",
    "org.apache.beam.model.job_management.v1.ArtifactStagingService",
    "org.apache.beam.model.job_management.v1.JobService",
  ]);
});

describe("every message has exactly Beam's fields", () => {
  test.each(Object.keys(ours.messages))("%s", (name) => {
    expect(ours.messages[name]).toEqual(beam.messages[name]);
  });
});

describe("every enum has exactly Beam's values", () => {
  test.each(Object.keys(ours.enums))("%s", (name) => {
    expect(ours.enums[name]).toEqual(beam.enums[name]);
  });
});

describe("every service has exactly Beam's methods", () => {
  test.each(Object.keys(ours.services))("%s", (name) => {
    expect(ours.services[name]).toEqual(beam.services[name]);
  });
});

test("every URN is one of Beam's, apart from those that only an SDK knows", () => {
  const own = Object.values(URN).filter((urn) => !sdkUrns.includes(urn));
  expect(own.filter((urn) => !beam.urns.includes(urn))).toEqual([]);
  expect(new Set(own).size).toBe(own.length);
});

test("every requirement that Beam defines is known", () => {
  const defined = beam.urns.filter((urn) => urn.startsWith("beam:requirement:"));
  expect([...knownRequirements].sort()).toEqual(defined);
});

function collect(): Descriptors {
  const registry = createShapeRegistry();
  const files = readdirSync(join(findPackageRoot(), "proto/beam"));
  const roots = files.map((file) => registry.root(file));
  const messages: Record<string, Record<string, FieldDescriptor>> = {};
  const enums: Record<string, Record<string, number>> = {};
  const services: Record<string, Record<string, MethodDescriptor>> = {};
  const visit = (definition: protobuf.ReflectionObject): void => {
    const name = definition.fullName.slice(1);
    if (name.startsWith("google.")) return;
    if (definition instanceof protobuf.Type) {
      const fields = definition.fieldsArray.map(
        (field) => [snakeCase(field.name), describeField(field)] as const,
      );
      messages[name] = Object.fromEntries(fields);
    } else if (definition instanceof protobuf.Enum) {
      enums[name] = definition.values;
    } else if (definition instanceof protobuf.Service) {
      const methods = definition.methodsArray.map((method) => [method.name, describeMethod(method)] as const);
      services[name] = Object.fromEntries(methods);
    }
    if (definition instanceof protobuf.Namespace) definition.nestedArray.forEach(visit);
  };
  roots.forEach(visit);
  return { messages, enums, services };
}

function describeField(field: protobuf.Field): FieldDescriptor {
  field.resolve();
  const value = field.resolvedType === null ? field.type : field.resolvedType.fullName.slice(1);
  const oneof = field.partOf?.name ?? null;
  const synthetic = oneof?.startsWith("_") ?? false;
  return {
    number: field.id,
    type: field instanceof protobuf.MapField ? `map<${field.keyType}, ${value}>` : value,
    label: synthetic ? "optional" : field.repeated ? "repeated" : "singular",
    oneof: oneof === null || synthetic ? null : snakeCase(oneof),
  };
}

function describeMethod(method: protobuf.Method): MethodDescriptor {
  method.resolve();
  return {
    request: method.resolvedRequestType?.fullName.slice(1) ?? "",
    response: method.resolvedResponseType?.fullName.slice(1) ?? "",
    requestStream: method.requestStream === true,
    responseStream: method.responseStream === true,
  };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
}
