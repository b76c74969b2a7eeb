const verdicts = ["pass", "fail", "timeout", "hollow", "local", "skip"];

function formatTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const formatCell = (cell, column) =>
    column === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[column]);
  return rows.map((row) => row.map(formatCell).join("  ")).join("\n");
}

function countVerdicts(name, records, seconds) {
  const all = Object.values(records);
  const counts = verdicts.map((verdict) => all.filter((record) => record.verdict === verdict).length);
  return [name, all.length, ...counts, seconds.toFixed(0)];
}

/**
 * The table of verdicts, and below it what does not pass, by capability.
 *
 * In: the runs (`{ suite, records, seconds }`) and the entries of what isn't expected to pass.
 */
export function formatReport(runs, notPassing) {
  const rows = runs.map(({ suite, records, seconds }) => countVerdicts(suite, records, seconds));
  const table = formatTable([["suite", "tests", ...verdicts, "seconds"], ...rows]);
  const seen = new Map(runs.flatMap(({ records }) => Object.entries(records)));
  const entries = notPassing
    .map(({ capability, why, tests }) => ({
      capability,
      why,
      count: tests.filter((test) => seen.has(test) && seen.get(test).verdict !== "pass").length,
    }))
    .filter(({ count }) => count > 0);
  if (entries.length === 0) return table;
  const width = Math.max(...entries.map(({ capability }) => capability.length));
  const lines = entries.map(
    ({ capability, why, count }) => `${String(count).padStart(3)}  ${capability.padEnd(width)}  ${why}`,
  );
  return `${table}\n\nnot passing, by capability:\n${lines.join("\n")}`;
}
