/** A file that workers have installed before they run anything. */
export interface StagedPackage {
  /** The name that it is staged under, a plain path. */
  readonly name: string;
  readonly sha256: string;
  /** Where its content is. */
  readonly path: string;
}

/** What can't be changed once a driver runs, so that jobs which differ in it need different drivers. */
export interface DriverConfiguration {
  readonly master: string;
  /** The files that the workers of its jobs have installed. */
  readonly packages: readonly StagedPackage[];
  /**
   * The version whose encodings its jobs ask for: a process of Beam's Python SDK remembers how it has encoded a
   * class, whatever the next job asks for. None where they ask for the SDK's own.
   */
  readonly compatibility: string | null;
}

/** The same text for configurations that can share a driver. */
export function keyOf({ master, packages, compatibility }: DriverConfiguration): string {
  const files = packages.map(({ name, sha256 }) => [name, sha256]);
  files.sort(([left], [right]) => (left! < right! ? -1 : 1));
  return JSON.stringify([master, files, compatibility]);
}

/** Settings that keep an application from taking all cores of a standalone cluster. */
const sharingSettings = ["spark.cores.max", "spark.dynamicAllocation.enabled"];

/**
 * What a driver takes whole for as long as it lives: an application on a standalone cluster has all of its cores,
 * unless the user's settings say otherwise (https://spark.apache.org/docs/latest/spark-standalone.html).
 */
export function claimOf({ master }: DriverConfiguration, settings: ReadonlySet<string>): string | null {
  const isGreedy = master.startsWith("spark:") && !sharingSettings.some((name) => settings.has(name));
  return isGreedy ? master : null;
}
