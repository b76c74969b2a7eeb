import type { PhysicalPlan } from "../../4-physical/physical-plan.js";
import { partName } from "./cut-into-parts.js";

/** Words of Scala that the plan's names may be, what every object has, and what Job.scala uses itself. */
const taken: ReadonlySet<string> = new Set(
  (
    "abstract case catch class def do else enum export extends false final finally for forSome given if implicit " +
    "import lazy macro match new null object override package private protected return sealed super then this " +
    "throw trait true try type val var while with yield " +
    "asInstanceOf clone eq equals finalize getClass hashCode isInstanceOf ne notify notifyAll synchronized " +
    "toString wait build job main " +
    "bits compression node schema sideInputs " +
    "avg col count exactSum expr ieeeMax ieeeMin ieeeSum lit max min struct sum wrappingSum"
  ).split(" "),
);

/**
 * The names of Scala values for a plan's nodes, by the nodes' ids: the plan's names as Scala writes them
 * (`groupAndSum`), unique. What is taken has something added.
 */
export function scalaNames({ nodes }: PhysicalPlan): ReadonlyMap<string, string> {
  const plain = nodes.map(({ variable }) => variable).filter((name) => !name.includes("_") && !isTaken(name));
  const used = new Set(plain);
  const isFree = (name: string): boolean => !used.has(name) && !isTaken(name);
  const choose = (variable: string): string => {
    const rows = `${variable}_rows`;
    const name = [camelCase(variable), camelCase(rows), variable].find(isFree) ?? rows;
    used.add(name);
    return name;
  };
  const own = new Set(plain);
  return new Map(nodes.map(({ id, variable }) => [id, own.has(variable) ? variable : choose(variable)]));
}

function isTaken(name: string): boolean {
  return taken.has(name) || partName.test(name);
}

function camelCase(words: string): string {
  return words.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
