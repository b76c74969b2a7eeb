import { URN } from "../../../beam/urns.js";
import type { EnvironmentNode } from "../../2-graph/graph.js";
import type { LaneOption } from "../plan.js";

/** Where functions run: as their environment asks, or all of them in one lane. */
export type LaneChoice = "auto" | "in-process" | "fn-api";

/** Images that Beam publishes for Python, which hold Beam and nothing of the user's. */
const beamImage = /^(docker\.io\/)?apache\/beam_python[\d.]+_sdk(:[\w.]+)?$/;

/** An SDK's language as people write it. */
export const languageNames: Readonly<Record<EnvironmentNode["language"], string>> = {
  python: "Python",
  java: "Java",
  go: "Go",
  other: "another SDK's",
};

/** Whether an environment is Python as every Python worker of Spark has it: Beam, and what is staged. */
export function isPlainPython({ language, urn, description }: EnvironmentNode): boolean {
  if (language !== "python") return false;
  if (urn === URN.environmentDefault || urn === "") return true;
  return urn === URN.environmentDocker && beamImage.test(description);
}

/** The lanes in which functions of an environment may run, the one to take first. */
export function lanesOf(environment: EnvironmentNode | undefined, choice: LaneChoice): readonly LaneOption[] {
  if (environment === undefined) {
    const reason = "it names no environment";
    return [
      { lane: "in-process", possible: false, reason },
      { lane: "fn-api", possible: false, reason },
    ];
  }
  const inProcess: LaneOption = { lane: "in-process", ...judgeInProcess(environment, choice) };
  const fnApi: LaneOption = { lane: "fn-api", ...judgeFnApi(environment, choice) };
  const isWorkersFirst = choice === "fn-api" || (choice === "auto" && !isPlainPython(environment));
  return isWorkersFirst ? [fnApi, inProcess] : [inProcess, fnApi];
}

/** A lane that was asked for needs no further reason. */
const askedFor = "";

type Judgement = Pick<LaneOption, "possible" | "reason">;

function judgeInProcess(environment: EnvironmentNode, choice: LaneChoice): Judgement {
  if (environment.language !== "python") {
    return {
      possible: false,
      reason: `Spark's Python workers don't run ${languageNames[environment.language]}`,
    };
  }
  if (choice === "in-process") return { possible: true, reason: askedFor };
  if (choice === "fn-api") return { possible: true, reason: "its functions are Python's" };
  return isPlainPython(environment)
    ? { possible: true, reason: "the pipeline's environment is Python's default" }
    : { possible: true, reason: "its functions are Python's, if Spark's workers have what they need" };
}

function judgeFnApi(environment: EnvironmentNode, choice: LaneChoice): Judgement {
  if (choice === "in-process") return { possible: false, reason: "--lane in-process leaves no other lane" };
  if (choice === "fn-api" && environment.language === "python") {
    return { possible: true, reason: askedFor };
  }
  return { possible: true, reason: `its environment is ${describeWorkers(environment)}` };
}

function describeWorkers({ urn, description, language }: EnvironmentNode): string {
  const name = languageNames[language];
  switch (urn) {
    case URN.environmentExternal:
      return `a pool of ${name} workers at ${description}`;
    case URN.environmentProcess:
      return `a ${name} worker started by ${description}`;
    case URN.environmentDocker:
      return `the ${name} container ${description}`;
    default:
      return `${name} (${description})`;
  }
}
