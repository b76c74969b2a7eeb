import type { Environment } from "../protos/types/environment.js";

/** An SDK's own word for its version (`beam_runner_api.proto`, StandardProtocols; Python: sdk_base_version). */
const sdkBase = /^beam:version:sdk_base:(.*)$/;
const imageVersion = /beam_(python(\d+\.\d+)|java\d*|go)_sdk:([\w.]+)$/;

/** The SDK that an environment has, by what it says of itself. */
export interface Sdk {
  readonly language: "python" | "java" | "go" | "other";
  readonly version: string | null;
  readonly pythonVersion: string | null;
}

/** Which SDK an environment has. */
export function readSdk({ capabilities }: Environment): Sdk {
  const image = capabilities.map((capability) => sdkBase.exec(capability)?.[1]).find((found) => found);
  const matched = imageVersion.exec(image ?? "");
  return {
    language: languageOf(matched?.[1] ?? "", capabilities),
    version: matched?.[3] ?? null,
    pythonVersion: matched?.[2] ?? null,
  };
}

function languageOf(image: string, capabilities: readonly string[]): Sdk["language"] {
  if (image.startsWith("python")) return "python";
  if (image.startsWith("java")) return "java";
  if (image.startsWith("go")) return "go";
  // Older SDKs have no version capability; only Python's can run packed combines.
  return capabilities.includes("beam:combinefn:packed_python:v1") ? "python" : "other";
}
