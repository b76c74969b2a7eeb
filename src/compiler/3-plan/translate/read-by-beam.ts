import type { Translator } from "./translator.js";

const listedByData = "which files it reads is data of the pipeline: Beam's own reader, spread over tasks";

/** Reads of Beam that Spark's own sources might seem to do, and why they don't. */
const reasons: Readonly<Record<string, string>> = {
  "apache_beam.dataframe.io.ReadViaPandas":
    "pandas reads its files, and Spark's readers of CSV and JSON take other values from them",
  "apache_beam.io.avroio.ReadFromAvro":
    "Spark's Avro reader is a package that PySpark comes without: Beam's own reader, in parallel",
  "apache_beam.io.avroio.ReadAllFromAvro": listedByData,
  "apache_beam.io.parquetio.ReadAllFromParquet": listedByData,
  "apache_beam.io.parquetio.ReadFromParquetBatched":
    "its elements are pyarrow's tables: Beam's own reader, in parallel",
  "apache_beam.io.textio.ReadAllFromText": listedByData,
  "apache_beam.io.tfrecordio.ReadFromTFRecord":
    "Spark has no reader of TFRecord files: Beam's own reader, a task for each file",
};

/**
 * Beam: a read of files in a format that Spark knows, or of files that the pipeline lists.
 * Emitted: nothing.
 * Declined: always, with the reason; its parts run.
 */
export const readByBeam: Translator = {
  urns: [],
  pythonTypes: Object.keys(reasons),
  ports: { inputs: "any", outputs: "any" },
  level: ({ pythonType }) => ({ whole: false, reason: reasons[pythonType ?? ""] ?? "" }),
  plan() {},
};
