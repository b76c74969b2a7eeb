import { error, warning } from "../define-code.js";

const incomplete = "the SDK that made this pipeline left it incomplete; capture it again or report it there";
const contradictory =
  "the SDK that made this pipeline disagrees with the model; capture it again or report it there";

/** What reading refuses: files that are no pipeline, and pipelines that contradict the Beam model. */
export const readCodes = {
  "read/file-unreadable": error<{ reason: string }>({
    why: ({ reason }) => `the file can't be read: ${reason}`,
    hint: "give a .pb, a proto JSON file, or a jar or directory that holds BEAM-PIPELINE/",
  }),
  "read/too-large": error<{ what: string; size: number | bigint; limit: number }>({
    why: ({ what, size, limit }) => `${what} is ${size} bytes; the limit is ${limit}`,
    hint: "move data out of the pipeline: large values belong in files that it reads",
  }),
  "read/not-a-pipeline": error<{ reason: string }>({
    why: ({ reason }) => `this is not a Beam pipeline: ${reason}`,
    hint: "make one with `beam2spark capture -o FILE.pb -- python program.py`",
  }),
  "read/malformed-proto": error<{ reason: string }>({
    why: ({ reason }) => `the pipeline's bytes are damaged: ${reason}`,
    hint: "capture the pipeline again; the file may have been cut or changed on its way",
  }),
  "read/malformed-json": error<{ reason: string }>({
    why: ({ reason }) => `the JSON is not a pipeline in canonical proto JSON: ${reason}`,
    hint: "write it with the protobuf library's own JSON printer",
  }),
  "read/bundle-invalid": error<{ reason: string }>({
    why: ({ reason }) => `the bundle can't be used: ${reason}`,
    hint: "make it again, with `beam2spark capture` or with the SDK's --output_executable_path",
  }),
  "read/artifact-missing": warning<{ name: string }>({
    why: ({ name }) => `the environment needs the file ${name}, which did not come with the pipeline`,
    hint: "capture the pipeline with `beam2spark capture`, which takes its files along",
  }),
  "read/artifact-unsafe": error<{ name: string }>({
    why: ({ name }) => `the artifact's name ${name} is not a plain path below the worker's folder`,
    hint: "capture the pipeline again; names come from the SDK and never point elsewhere",
  }),
  "read/artifact-damaged": error<{ name: string }>({
    why: ({ name }) => `the artifact ${name} does not have the SHA-256 that its manifest says`,
    hint: "capture the pipeline again; the file was changed since",
  }),
  "read/options-invalid": error<{ reason: string }>({
    why: ({ reason }) => `the pipeline options can't be read: ${reason}`,
    hint: "the file must hold one JSON object",
  }),
  "read/missing-id": error<{ kind: string; id: string }>({
    why: ({ kind, id }) => `there is no ${kind} "${id}"`,
    hint: incomplete,
  }),
  "read/no-root": error({
    why: "the pipeline has no root transforms, so nothing would run",
    hint: "apply at least one transform to the pipeline",
  }),
  "read/hierarchy-cycle": error({
    why: "the transform contains itself, directly or through its parts",
    hint: contradictory,
  }),
  "read/several-parents": error<{ parents: readonly string[] }>({
    why: ({ parents }) => `the transform is part of several: ${parents.join(", ")}`,
    hint: contradictory,
  }),
  "read/unreachable-transform": warning({
    why: "no root transform contains this one, so it will not run",
    hint: contradictory,
  }),
  "read/several-producers": error<{ producers: readonly string[] }>({
    why: ({ producers }) => `several transforms write the PCollection: ${producers.join(", ")}`,
    hint: contradictory,
  }),
  "read/no-producer": error<{ pcollection: string }>({
    why: ({ pcollection }) => `no transform writes its input PCollection "${pcollection}"`,
    hint: incomplete,
  }),
  "read/data-flow-cycle": error<{ transforms: readonly string[] }>({
    why: ({ transforms }) => `the transform reads what it writes, through ${transforms.join(" → ")}`,
    hint: contradictory,
  }),
  "read/coder-cycle": error<{ coders: readonly string[] }>({
    why: ({ coders }) => `the coder is a component of itself: ${coders.join(" → ")}`,
    hint: contradictory,
  }),
  "read/coder-too-deep": error<{ depth: number; limit: number }>({
    why: ({ depth, limit }) => `the coder nests ${depth} deep; the limit is ${limit}`,
    hint: "flatten the type of these elements",
  }),
  "read/hierarchy-too-deep": error<{ limit: number }>({
    why: ({ limit }) => `transforms nest more than ${limit} deep here`,
    hint: "apply transforms side by side instead of inside one another",
  }),
  "read/payload-invalid": error<{ urn: string; reason: string }>({
    why: ({ urn, reason }) => `its ${urn} payload can't be read: ${reason}`,
    hint: contradictory,
  }),
  "read/windowing-invalid": error<{ reason: string }>({
    why: ({ reason }) => `the windowing strategy can't be used: ${reason}`,
    hint: contradictory,
  }),
  "read/requirement-unknown": error<{ requirement: string }>({
    why: ({ requirement }) => `the pipeline requires ${requirement}, which this version does not know`,
    hint: "a runner that ignored a requirement could give wrong results; use a runner that knows it",
  }),
};
