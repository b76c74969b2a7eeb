import { MalformedMessageError } from "../../beam/protos/malformed.js";
import { Pipeline } from "../../beam/protos/types/pipeline.js";
import type { Collector } from "../../diagnostics/collector.js";

/** A decoded pipeline, and its bytes: those that came, or for JSON those that it stands for. */
export interface ParsedPipeline {
  readonly pipeline: Pipeline;
  readonly bytes: Uint8Array;
}

/** Decodes a pipeline from either of its forms; reports what it is instead, and then gives null. */
export function parsePipeline(content: Uint8Array, diagnostics: Collector): ParsedPipeline | null {
  if (content.length === 0) {
    diagnostics.report("read/not-a-pipeline", {}, { reason: "it is empty" });
    return null;
  }
  const parsed = startsAsJson(content) ? parseJson(content, diagnostics) : parseBinary(content, diagnostics);
  if (parsed === null) return null;
  const { components } = parsed.pipeline;
  if (components === undefined || (components.transforms.size === 0 && components.coders.size === 0)) {
    diagnostics.report("read/not-a-pipeline", {}, { reason: "it has no components" });
    return null;
  }
  return parsed;
}

const openingBrace = 0x7b;
const byteOrderMark = [0xef, 0xbb, 0xbf];
/** The first byte of a `Pipeline`: the tag of its components. It is a newline too, so that JSON can begin with it. */
const componentsTag = 0x0a;

function startsAsJson(content: Uint8Array): boolean {
  let position = byteOrderMark.every((byte, index) => content[index] === byte) ? byteOrderMark.length : 0;
  while ([0x20, 0x09, 0x0a, 0x0d].includes(content[position] ?? 0)) position++;
  if (content[position] !== openingBrace) return false;
  return content[0] !== componentsTag || parseText(content) !== undefined;
}

/** The JSON value that the content is, or undefined where it is none. */
function parseText(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch {
    return undefined;
  }
}

function parseJson(content: Uint8Array, diagnostics: Collector): ParsedPipeline | null {
  const json = parseText(content);
  if (json === undefined) {
    diagnostics.report("read/malformed-json", {}, { reason: "it is cut or not JSON at all" });
    return null;
  }
  try {
    const bytes = Pipeline.encode(Pipeline.fromJson(json));
    return { pipeline: Pipeline.decode(bytes), bytes };
  } catch (error) {
    if (!(error instanceof MalformedMessageError)) throw error;
    diagnostics.report("read/malformed-json", pathOf(error), { reason: error.reason });
    return null;
  }
}

function parseBinary(content: Uint8Array, diagnostics: Collector): ParsedPipeline | null {
  try {
    return { pipeline: Pipeline.decode(content), bytes: content };
  } catch (error) {
    if (!(error instanceof MalformedMessageError)) throw error;
    if (content[0] !== componentsTag) {
      diagnostics.report("read/not-a-pipeline", {}, { reason: "it is neither a pipeline proto nor JSON" });
    } else {
      diagnostics.report("read/malformed-proto", pathOf(error), { reason: error.reason });
    }
    return null;
  }
}

function pathOf({ path }: MalformedMessageError): { path?: string } {
  return path === "" ? {} : { path };
}
