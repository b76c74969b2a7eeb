import { join } from "node:path";
import type { LaneChoice } from "../compiler/3-plan/support/lanes.js";
import type { Target } from "../compiler/4-physical/target.js";
import { diagnose } from "../diagnostics/diagnose.js";
import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import type { DriverContext } from "../drivers/driver-context.js";
import { checkLaunchEnvironment } from "../launcher/check-environment.js";
import { probePython } from "../launcher/probe-python.js";
import { listProjectDefaults, readUserSettings } from "../launcher/spark-settings.js";
import { isLoopbackHost } from "../machine/loopback-host.js";
import { findPackageRoot } from "../package-root.js";
import type { JudgeContext } from "./judge-pipeline.js";

/** What the user of `serve` asks for. */
export interface ServiceRequest {
  /** What projects are written in. */
  readonly target: Target;
  readonly listen: { readonly host: string; readonly jobPort: number; readonly artifactPort: number };
  /** Where staged files are kept; by default among the service's temporary files. */
  readonly artifactFolder: string | undefined;
  readonly lane: LaneChoice;
  readonly python: string | undefined;
  readonly tempLocation: string | undefined;
  /** How workers of SDKs start; by default as their environment says. */
  readonly workers: string | undefined;
  /** Folders whose modules the users' functions import. */
  readonly moduleFolders: readonly string[];
  /** Options of `spark-submit` as words, the master among them. */
  readonly sparkWords: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** What a service is made of, before anything is started. */
export interface ServicePlan {
  readonly judge: JudgeContext;
  readonly drivers: Omit<DriverContext, "program" | "folder" | "onLost">;
  readonly hasTempSetting: boolean;
}

/** The driver sets its other defaults itself (warm_session.py, WarmSession.scala); of its name Java has made one up before. */
const nameWords = ["--conf", "spark.app.name=beam2spark"];

/** Any pipeline may come: only what Spark itself needs is checked at the start. */
const anyPlan = { pipeline: { name: "", sdkVersion: null, pythonVersion: null }, nodes: [] };

/** Checks what this machine has and what the user asks for. Errors: `launch/…`, `serve/…`. */
export async function planService(request: ServiceRequest): Promise<Result<ServicePlan>> {
  const { target, environment, lane, listen, sparkWords } = request;
  const warnings: Diagnostic[] = [];
  if (!isLoopbackHost(listen.host)) {
    warnings.push(diagnose("serve/open-to-others", {}, { host: listen.host }));
  }
  const root = findPackageRoot();
  const folders = [process.cwd(), root];
  const checked = await checkLaunchEnvironment(
    { ...anyPlan, target },
    {
      ...{ python: request.python, workers: request.workers, environment, folders },
    },
  );
  if (!checked.ok) return { ok: false, diagnostics: [...warnings, ...checked.diagnostics] };
  const { python, sparkHome } = checked.value;
  const user = readUserSettings(sparkWords, environment, sparkHome);
  if (user.get("spark.submit.deployMode") === "cluster") {
    return { ok: false, diagnostics: [diagnose("launch/cluster-deploy-mode", {}, {})] };
  }
  const defaults = [
    ...listProjectDefaults(join(root, "templates", target), user),
    ...(user.has("spark.app.name") ? [] : nameWords),
  ];
  const hasTempSetting = user.has("spark.beam2spark.tempLocation");
  const facts = python === null ? null : await probePython(python, environment);
  return {
    ok: true,
    value: {
      judge: {
        target,
        lane,
        workers: request.workers ?? user.get("spark.beam2spark.workers") ?? null,
        master: { url: user.get("spark.master") ?? "local[*]", isGiven: user.has("spark.master") },
        tempLocation: request.tempLocation ?? null,
        hasTempSetting,
        python: python === null || facts === null ? null : { path: python, facts },
        givenSparkHome: environment.SPARK_HOME || undefined,
      },
      drivers: {
        launch: checked.value,
        environment,
        sparkWords: [...defaults, ...sparkWords],
        settings: new Set(user.keys()),
        moduleFolders: request.moduleFolders,
      },
      hasTempSetting,
    },
    warnings,
  };
}
