/** The base name of a stage's files under `stages/`, which sorts as the plan does. */
export function stageFileName(number: number, variable: string): string {
  return `s${String(number).padStart(2, "0")}_${variable}`;
}
