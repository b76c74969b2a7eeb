export type Tool = "node" | "java" | "python" | "venv" | "maven";

export interface Machine {
  readonly platform: string;
  readonly release: Readonly<Record<string, string>>;
  readonly root: boolean;
}

export function describeMachine(): Machine;
export function installCommand(tool: Tool, machine?: Machine): string;
