import { describe, expect, it } from "vitest";
import { readHostWords } from "../../src/host/words.js";

describe("the words of a host's command line", () => {
  it("have defaults that are safe", () => {
    expect(readHostWords(["--listen", "unix:/run/link"])).toEqual({
      listen: "unix:/run/link",
      owner: null,
      idleSeconds: 0,
      folder: null,
      bind: { host: "127.0.0.1", port: 0 },
      advertised: null,
    });
  });

  it("say where workers reach it", () => {
    const words = readHostWords(["--listen", "localhost:0", "--bind", "[::]:8100", "--advertise", "pod-7"]);
    expect(words).toMatchObject({ bind: { host: "[::]", port: 8100 }, advertised: "pod-7" });
  });

  it.each([
    [[], "--listen is missing"],
    [["--listen", "unix:/x", "--owner", "me"], "--owner is no number"],
    [["--listen", "unix:/x", "--bind", "8100"], "--bind is no HOST:PORT"],
    [["--lisen", "unix:/x"], "--lisen"],
  ])("are refused by name: %j", (words, said) => {
    expect(() => readHostWords(words)).toThrow(said);
  });
});
