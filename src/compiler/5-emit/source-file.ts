/** One file of an emitted project: its path with "/" below the project's folder, and its content. */
export interface SourceFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}
