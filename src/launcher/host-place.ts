import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fitsSocket } from "../machine/socket-path.js";
import { makeTemporaryFolder } from "../machine/temporary-folder.js";

/** Where a host of ours listens for Spark's tasks. */
export interface HostPlace {
  /** `unix:PATH`, in a folder that only this user can enter; any port of the loopback interface where there is none. */
  readonly address: string;
  /** Removes what a host that was killed has left, so that another one can listen here. */
  clear(): void;
  /** Removes it, once nobody listens here any more. */
  remove(): void;
}

/** A folder whose name is short, where a program's temporary folder may have a long one. */
const shortParent = "/tmp";

const anyPort = "127.0.0.1:0";

/**
 * Chooses a place for the host of a number: in the folder if a socket's path in it is short enough, else in a folder
 * with a short path.
 */
export function makeHostPlace(folder: string, number: number, parent = shortParent): HostPlace {
  const own = join(folder, "host");
  const socket = join(own, `link-${number}`);
  if (fitsSocket(socket)) {
    mkdirSync(own, { mode: 0o700, recursive: true });
    return { address: `unix:${socket}`, clear: () => rmSync(socket, { force: true }), remove: () => {} };
  }
  return makeShortPlace(parent) ?? { address: anyPort, clear: () => {}, remove: () => {} };
}

function makeShortPlace(parent: string): HostPlace | null {
  if (process.platform === "win32") return null;
  try {
    const { path, remove } = makeTemporaryFolder("beam2spark-host-", parent);
    const socket = join(path, "link");
    return { address: `unix:${socket}`, clear: () => rmSync(socket, { force: true }), remove };
  } catch {
    // Nobody can write there.
    return null;
  }
}
