/** The files below the root of a jar or a folder, by their paths with `/`. Paths that lead out of it do not exist. */
export interface BundleFiles {
  /** The file's bytes unpacked, or null where there is no such file. */
  size(path: string): Promise<number | null>;
  /** The file's content, or null where there is no such file. Refuses what is larger than `limit`. */
  read(path: string, limit: number): Promise<Uint8Array | null>;
}
