/** Something that this machine lacks and the set-up can't bring: each problem is `{ what, why, install }`. */
export class MissingTools extends Error {
  constructor(problems) {
    const lines = problems.flatMap(({ what, why, install }) => [
      `missing  ${what}`,
      `  why      ${why}`,
      `  install  ${install}`,
    ]);
    super(lines.join("\n"));
    this.name = "MissingTools";
  }
}
