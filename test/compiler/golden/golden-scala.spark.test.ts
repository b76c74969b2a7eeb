import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listFixtures } from "../support/compile-fixture.js";
import { emitRareForms } from "../support/rare-scala-forms.js";
import { checkScala } from "../support/scala-code.js";

// That scalafmt leaves them as they are is checked with all other Scala sources (scripts/scala-format.mjs).
test("the compiler has nothing to say about any golden Job.scala, nor about what none of them has", async () => {
  const jobs = new Map(
    listFixtures().map(({ name, expectedScala }) => {
      const place = name.replaceAll("-", "_");
      return [place, `package golden.${place}\n${readFileSync(join(expectedScala, "Job.scala"), "utf8")}`];
    }),
  );
  const goldens = [...jobs.values()];
  for (const { name, form, program } of await emitRareForms()) {
    expect(program).toContain(form);
    expect(goldens.filter((golden) => golden.includes(form)).length, `goldens with ${form}`).toBe(0);
    jobs.set(`rare_${name}`, `package rare.${name}\n${program}`);
  }
  const wrong = goldens[0]!.replace("job.stage(", "job.stag(");
  expect((await checkScala(jobs)).said).toBe("");
  expect((await checkScala(new Map([["wrong", wrong]]))).said).toContain("stag");
}, 600_000);
