/** A kind of machine, in Go's words. */
export interface MachineKind {
  readonly os: string;
  readonly architecture: string;
}

const architectures: Readonly<Record<string, string>> = {
  x64: "amd64",
  x86_64: "amd64",
  "x86-64": "amd64",
  aarch64: "arm64",
  ia32: "386",
  i386: "386",
  x86: "386",
};
const systems: Readonly<Record<string, string>> = { win32: "windows", macos: "darwin", osx: "darwin" };

/** The machine that this runs on. */
export const thisMachine: MachineKind = nameMachine(process.platform, process.arch);

/** A kind of machine by whatever names it is known under. */
export function nameMachine(os: string, architecture: string): MachineKind {
  const system = os.toLowerCase();
  const processor = architecture.toLowerCase();
  return { os: systems[system] ?? system, architecture: architectures[processor] ?? processor };
}

/** Such as `linux/arm64`; what is not known of it is left out. */
export function showMachine({ os, architecture }: MachineKind): string {
  return [os, architecture].filter((word) => word !== "").join("/");
}

/** Whether programs for `wanted` run on `here`; what is not said of them is taken to fit. */
export function canRun(wanted: MachineKind, here: MachineKind): boolean {
  if (wanted.os !== "" && wanted.os !== here.os) return false;
  if (wanted.architecture === "" || wanted.architecture === here.architecture) return true;
  return wanted.architecture === "386" && here.architecture === "amd64";
}

/** The command that builds a Go program for a machine. */
export function goBuild({ os, architecture }: MachineKind): string {
  return `GOOS=${os} GOARCH=${architecture} go build`;
}
