import { escapeText } from "../diagnostics/format.js";
import type { LaunchEvent } from "./launch-event.js";
import type { LaunchNode, LaunchPlan } from "./launch-plan.js";

/** Where progress is shown. */
export interface ProgressOutput {
  readonly write: (text: string) => void;
  /** A terminal's width in columns, or null: then only whole lines are written, and none is taken back. */
  readonly columns: number | null;
  /** Milliseconds on any clock. */
  readonly now: () => number;
}

/** Shows a job's progress, a line per plan node. */
export interface ProgressView {
  readonly show: (event: LaunchEvent) => void;
  /** Takes the lines that are still changing away while somebody else writes to the terminal. */
  readonly giveWay: (write: () => void) => void;
  /** Ends the view; `completed` says that the job went through, so that every node has its line. */
  readonly finish: (completed: boolean) => void;
}

interface RunningNode {
  readonly node: LaunchNode;
  readonly since: number;
  completed: number;
  total: number;
}

const barWidth = 20;
const nameWidth = 56;

/**
 * Makes a view of a plan's nodes. A node that Spark computes within those that read it has no time of its own; its
 * line comes before the first of theirs that is finished.
 */
export function createProgressView(plan: LaunchPlan, output: ProgressOutput): ProgressView {
  const waiting = new Map(plan.nodes.map((node) => [node.number, node]));
  const running = new Map<number, RunningNode>();
  let liveLines = 0;
  const clear = (): string => (liveLines === 0 ? "" : `\x1b[${liveLines}A\x1b[0J`);
  const redraw = (text: string): void => {
    const lines = output.columns === null ? [] : [...running.values()].map((node) => drawLive(node, output));
    output.write(clear() + text + lines.map((line) => `${line}\n`).join(""));
    liveLines = lines.length;
  };
  const takeWithin = (before: number): string => {
    const lines: string[] = [];
    for (const [number, node] of waiting) {
      if (number >= before || running.has(number) || node.materialisation !== "lazy") continue;
      waiting.delete(number);
      lines.push(`${formatNode(node)}  within what reads it\n`);
    }
    return lines.join("");
  };
  const finishNode = (number: number): string => {
    const started = running.get(number);
    if (started === undefined) return "";
    running.delete(number);
    waiting.delete(number);
    const seconds = ((output.now() - started.since) / 1000).toFixed(1);
    return `${takeWithin(number)}${formatNode(started.node)}  ${seconds} s\n`;
  };
  return {
    show: (event) => {
      if (event.event === "node-started") {
        const node = waiting.get(event.node);
        if (node === undefined) return;
        running.set(event.node, { node, since: output.now(), completed: 0, total: 0 });
        redraw("");
      } else if (event.event === "node-progress") {
        const node = running.get(event.node);
        if (node === undefined) return;
        node.completed = event.completed;
        node.total = event.total;
        redraw("");
      } else if (event.event === "node-finished") redraw(finishNode(event.node));
    },
    giveWay: (write) => {
      output.write(clear());
      liveLines = 0;
      write();
      redraw("");
    },
    finish: (completed) => {
      const last = completed ? takeWithin(Number.POSITIVE_INFINITY) : "";
      running.clear();
      redraw(last);
    },
  };
}

function formatNode(node: LaunchNode): string {
  const number = String(node.number).padStart(4);
  return `${number}  ${node.lane.padEnd(10)}  ${nameNode(node, nameWidth).padEnd(nameWidth)}`;
}

// As many names as there is room for, and how many more there are. The end of a name says more than its beginning.
function nameNode({ names }: LaunchNode, width: number): string {
  const short = names.map((name) => escapeText(name.split("/").slice(-2).join("/")));
  const rest = (count: number): string => (count === 0 ? "" : ` (+${count})`);
  for (let shown = short.length; shown > 0; shown--) {
    const text = short.slice(0, shown).join(", ") + rest(short.length - shown);
    if (text.length <= width) return text;
  }
  const more = rest(short.length - 1);
  return `…${(short[0] ?? "").slice(more.length + 1 - Math.max(width, more.length + 2))}${more}`;
}

function drawLive({ node, since, completed, total }: RunningNode, output: ProgressOutput): string {
  const filled = total === 0 ? 0 : Math.floor((completed / total) * barWidth);
  const bar = `${"█".repeat(filled)}${"·".repeat(barWidth - filled)}`;
  const seconds = ((output.now() - since) / 1000).toFixed(0);
  const number = String(node.number).padStart(4);
  const beginning = `${number}  ${bar} ${completed}/${total} tasks, ${seconds} s  `;
  const width = (output.columns ?? 80) - 1;
  return `${beginning}${nameNode(node, Math.max(0, width - beginning.length))}`.slice(0, width);
}
