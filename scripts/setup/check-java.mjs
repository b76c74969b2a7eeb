import { findJava } from "../../src/machine/find-java.mjs";
import { installCommand } from "../../src/machine/install-command.mjs";

/** Out: `{ problems, home }`; `home` is what JAVA_HOME has to be for Spark. */
export function checkJava() {
  const found = findJava();
  if (found.ok) return { problems: [], home: found.home };
  const problem = {
    what: "a full Java 17 or 21, which Spark runs on",
    why: found.why,
    install: installCommand("java"),
  };
  return { problems: [problem], home: null };
}
