import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** So many bytes of files are kept, at least while nobody uses them. */
const keptBytes = 2 * 2 ** 30;

/** Writes a file to a path. Out: its size. Errors: whatever keeps it from being there whole. */
export type FileFetch = (path: string) => Promise<number>;

interface StoredFile {
  readonly path: string;
  readonly size: Promise<number>;
  users: number;
}

/** Files by their SHA-256, fetched once for all workers that want them; what was not wanted for longest goes first. */
export class ArtifactStore {
  readonly #folder: string;
  readonly #limit: number;
  // In the order in which they were last wanted.
  readonly #files = new Map<string, StoredFile>();
  readonly #sizes = new Map<StoredFile, number>();
  #names = 0;

  /** @param folder where they lie; it belongs to whoever makes the store */
  constructor(folder: string, limit = keptBytes) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /**
   * Lets somebody use a file, fetching it where it is not there. It stays until `use` is done with it.
   *
   * @param fetch what it writes must be the content of this SHA-256. Errors: those of `fetch` and `use`
   */
  async borrow<T>(
    sha256: string,
    fetch: FileFetch,
    use: (path: string, size: number) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const known = this.#files.get(sha256);
      const file = known ?? this.#fetch(fetch);
      this.#files.delete(sha256);
      this.#files.set(sha256, file);
      file.users++;
      try {
        const size = await file.size.catch((error: unknown) => {
          if (this.#files.get(sha256) === file) this.#files.delete(sha256);
          // That somebody else has failed, or given up, says nothing of another attempt.
          if (known === undefined) throw error;
          return null;
        });
        if (size !== null) return await use(file.path, size);
      } finally {
        file.users--;
        await this.#forgetOldest();
      }
    }
  }

  #fetch(fetch: FileFetch): StoredFile {
    const path = join(this.#folder, `artifact-${++this.#names}`);
    const store = async (): Promise<number> => {
      await mkdir(this.#folder, { recursive: true });
      try {
        const size = await fetch(path);
        this.#sizes.set(file, size);
        return size;
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    };
    const file: StoredFile = { path, size: store(), users: 0 };
    return file;
  }

  async #forgetOldest(): Promise<void> {
    let total = 0;
    for (const [sha256, file] of [...this.#files].reverse()) {
      total += this.#sizes.get(file) ?? 0;
      if (total <= this.#limit || file.users > 0) continue;
      this.#files.delete(sha256);
      this.#sizes.delete(file);
      await rm(file.path, { force: true });
    }
  }
}
