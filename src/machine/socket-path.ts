/** Most bytes of a Unix socket's path: `sun_path` has 108 on Linux and 104 elsewhere, a zero at the end among them. */
const longestPath = process.platform === "linux" ? 107 : 103;

/**
 * Whether a Unix socket can lie at a path of this machine. Node.js cuts longer paths off and says nothing, and what is
 * left names another place.
 */
export function fitsSocket(path: string): boolean {
  return process.platform !== "win32" && Buffer.byteLength(path) <= longestPath;
}
