/** Characters that are kept of an output, and of one line. */
const keptLength = 4_096;

/** Takes what a process writes: hands on each line, long ones in parts, and keeps the end. */
export class OutputTail {
  readonly #onLine: (line: string) => void;
  #end = "";
  #open = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  take(text: string): void {
    this.#end = (this.#end + text).slice(-keptLength);
    const lines = (this.#open + text).split("\n");
    this.#open = lines.pop()!;
    for (const line of lines) this.#onLine(line);
    while (this.#open.length > keptLength) {
      this.#onLine(this.#open.slice(0, keptLength));
      this.#open = this.#open.slice(keptLength);
    }
  }

  /** Hands on a last line without its end. */
  close(): void {
    if (this.#open !== "") this.#onLine(this.#open);
    this.#open = "";
  }

  /** The end of the output. */
  get text(): string {
    return this.#end.trim();
  }
}
