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
}

/** The same text for configurations that can share a driver. */
export function keyOf({ master, packages }: DriverConfiguration): string {
  const files = packages.map(({ name, sha256 }) => [name, sha256]);
  return JSON.stringify([master, files.sort(([left], [right]) => (left! < right! ? -1 : 1))]);
}
