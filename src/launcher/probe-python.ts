import { execFile } from "node:child_process";

/** What a Python is and has. */
export interface PythonFacts {
  readonly python: string;
  /** Versions by package, null where it is missing. */
  readonly packages: Readonly<Record<"pyspark" | "apache-beam" | "pyarrow", string | null>>;
  /** Where pip's pyspark keeps Spark. */
  readonly sparkHome: string | null;
}

// One start of Python answers everything, from the packages' metadata: importing them would take seconds.
const question = `
import importlib.metadata as metadata, importlib.util, json, sys
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
spec = importlib.util.find_spec("pyspark")
print(json.dumps({
    "python": ".".join(map(str, sys.version_info[:3])),
    "packages": {name: version(name) for name in ("pyspark", "apache-beam", "pyarrow")},
    "sparkHome": spec.submodule_search_locations[0] if spec else None,
}))
`;

/** Asks a Python for its version and packages. Errors: an Error with what it wrote when it does not start. */
export function probePython(python: string, environment: NodeJS.ProcessEnv): Promise<PythonFacts> {
  return new Promise((resolve, reject) => {
    const options = { env: environment, timeout: 60_000, encoding: "utf8" } as const;
    execFile(python, ["-c", question], options, (error, stdout, stderr) => {
      if (error !== null) {
        reject(new Error(stderr.trim().split("\n").at(-1) || error.message));
        return;
      }
      try {
        resolve(JSON.parse(stdout) as PythonFacts);
      } catch {
        reject(new Error("it does not answer as a Python does"));
      }
    });
  });
}
