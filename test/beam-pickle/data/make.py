"""Makes the payloads of this folder with a real apache_beam: python make.py [dill]

Each is the payload of one FunctionSpec of a captured pipeline, byte for byte as the SDK sends it,
named by the kind of function and the transform's label. Paths in them are made neutral. With "dill"
(to be installed beside) the same goes to dill/ instead of cloudpickle/.
"""

import functools
import itertools
import os
import sys
import tempfile
import types

import apache_beam as beam
from apache_beam.coders import coders
from apache_beam.internal import cloudpickle_pickler
from apache_beam.io import avroio, iobase, parquetio, range_trackers, textio, tfrecordio
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.options.value_provider import RuntimeValueProvider
from apache_beam.portability.api import beam_runner_api_pb2 as runner_api
from apache_beam.runners.portability.portable_runner import PortableRunner
from apache_beam.transforms import combiners, core, cy_combiners

LIBRARY = sys.argv[1] if len(sys.argv) > 1 else "cloudpickle"
PICKLED_COMBINE_URNS = (
    "beam:transform:combine_per_key:v1",
    "beam:transform:combine_grouped_values:v1",
)

MODULE = """
import apache_beam as beam

class Longest(beam.CombineFn):
    def create_accumulator(self):
        return ""
    def add_input(self, accumulator, element):
        return max(accumulator, element, key=len)
    def merge_accumulators(self, accumulators):
        return max(accumulators, key=len)
    def extract_output(self, accumulator):
        return accumulator

class Clean(beam.DoFn):
    def process(self, element):
        yield element.strip()

def shorten(word):
    return word[:3]
"""


def make_module():
    """A module that is imported, so that pickles refer to it by name."""
    folder = tempfile.mkdtemp()
    with open(os.path.join(folder, "word_tools.py"), "w") as file:
        file.write(MODULE)
    sys.path.insert(0, folder)
    import word_tools

    return word_tools


word_tools = make_module()

MAIN = """
class Total(beam.CombineFn):
    def create_accumulator(self):
        return 0
    def add_input(self, accumulator, element):
        return accumulator + element
    def merge_accumulators(self, accumulators):
        return sum(accumulators)
    def extract_output(self, accumulator):
        return accumulator

class Doubled(combiners.MeanCombineFn):
    def extract_output(self, accumulator):
        return 2 * super().extract_output(accumulator)

class Numbers(iobase.BoundedSource):
    def estimate_size(self):
        return 8
    def get_range_tracker(self, start, stop):
        return range_trackers.OffsetRangeTracker(0, 1)
    def read(self, tracker):
        yield 1
    def split(self, size, start=None, stop=None):
        yield iobase.SourceBundle(1, self, 0, 1)

class Upper(beam.DoFn):
    def process(self, element):
        yield element.upper()

def total_modulo(values, modulus):
    return sum(values) % modulus

def total(values):
    return sum(values)

def split(line):
    return line.split()

add_up = lambda values: sum(values)
keep = lambda word: bool(word)
pair = lambda word: (word, 1)
show = lambda word, count: f"{word}: {count}"

def pair_typed(word: str) -> tuple[str, int]:
    "A pair."
    return word, 1

ONE = 1
pair_with_two = lambda word: (word, 2)
pair_with_true = lambda word: (word, True)
pair_swapped = lambda word: (1, word)
pair_by_default = lambda word, count=1: (word, count)
pair_with_global = lambda word: (word, ONE)
pair_with_captured = (lambda count: lambda word: (word, count))(1)
pair_by_name = lambda *word: (word, 1)
pair_later = lambda word: (yield (word, 1))

class _WriteBundleDoFn(beam.DoFn):
    def process(self, element, pane=beam.DoFn.PaneInfoParam):
        yield pane

class Count:
    class PerElement(beam.PTransform):
        def expand(self, pcoll):
            label = f"{self.label}:PairWithVoid"
            return pcoll | label >> beam.Map(lambda x: (x[:1], None)) | beam.CombinePerKey(len)
"""
exec(compile(MAIN, "words.py", "exec"))

# Classes that call themselves what the SDK's are called, as far as a class can.
Count.PerElement.__module__ = "apache_beam.transforms.combiners"
_WriteBundleDoFn.__module__ = "apache_beam.io.iobase"


def with_attribute(fn):
    fn.note = "mine"
    return fn


def text(**options):
    return beam.io.ReadFromText("/data/words*.txt", validate=False, **options)


def build(pipeline):
    numbers = pipeline | "numbers" >> beam.Create([1, 2, 3])
    words = pipeline | "words" >> beam.Create(["a", "b"])
    keyed = numbers | "keyed" >> beam.Map(lambda number: (str(number), number))
    per_key = {
        "sum": sum,
        "min": min,
        "max": max,
        "any": any,
        "all": all,
        "len": len,
        "count": combiners.CountCombineFn(),
        "mean": combiners.MeanCombineFn(),
        "mean-with-types": combiners.MeanCombineFn().with_input_types(int).with_output_types(float),
        "mean-with-attribute": with_attribute(combiners.MeanCombineFn()),
        "to-list": combiners.ToListCombineFn(),
        "to-set": combiners.ToSetCombineFn(),
        "to-dict": combiners.ToDictCombineFn(),
        "user-in-main": Total(),
        "user-subclass": Doubled(),
        "user-in-module": word_tools.Longest(),
        "user-function": total,
        "user-lambda": add_up,
        "min-by-key": functools.partial(min, key=abs),
        "sum-buffer": core.NoSideInputsCallableWrapperCombineFn(sum, buffer_size=3),
        "sum-with-attribute": with_attribute(core.NoSideInputsCallableWrapperCombineFn(sum)),
        "sum-wrapper-with-arguments": core.CallableWrapperCombineFn(sum),
        "sum-int64": cy_combiners.SumInt64Fn(),
        "tuple": combiners.TupleCombineFn(sum, max),
        "top": combiners.TopCombineFn(2),
        "sample": combiners.SampleCombineFn(2),
    }
    for name, fn in per_key.items():
        keyed | f"combine-{name}" >> beam.CombinePerKey(fn)
    keyed | "combine-sum-curried" >> beam.CombinePerKey(total_modulo, 3)
    keyed | "combine-sum-start" >> beam.CombinePerKey(sum, 100)
    keyed | "group" >> beam.GroupByKey() | "combine-grouped-sum" >> beam.CombineValues(sum)
    keyed | "combine-latest" >> combiners.Latest.PerKey()
    keyed | "combine-count-per-key" >> combiners.Count.PerKey()
    keyed | "combine-mean-per-key" >> combiners.Mean.PerKey()
    keyed | "combine-top-per-key" >> combiners.Top.PerKey(2)
    numbers | "combine-max-globally" >> beam.CombineGlobally(max)
    numbers | "combine-count-globally" >> combiners.Count.Globally()
    numbers | "combine-count-per-element" >> combiners.Count.PerElement()
    numbers | "combine-mean-globally" >> combiners.Mean.Globally()
    numbers | "combine-to-list-globally" >> combiners.ToList()

    pipeline | "source-text" >> text()
    pipeline | "source-text-relative" >> beam.io.ReadFromText("words.txt", validate=False)
    pipeline | "source-text-uncompressed" >> text(compression_type="uncompressed")
    pipeline | "source-text-bundle-size" >> text(min_bundle_size=4096)
    pipeline | "source-text-gzip" >> text(compression_type="gzip")
    pipeline | "source-text-newlines" >> text(strip_trailing_newlines=False)
    pipeline | "source-text-bytes" >> text(coder=coders.BytesCoder())
    pipeline | "source-text-header" >> text(skip_header_lines=2)
    pipeline | "source-text-delimiter" >> text(delimiter=b"|;")
    pipeline | "source-text-escape" >> text(escapechar=b"\\")
    pipeline | "source-text-filename" >> beam.io.ReadFromTextWithFilename(
        "/data/words.txt", validate=False
    )
    pipeline | "source-text-matcher" >> beam.io.Read(
        textio._TextSource(
            "/data/words.txt",
            0,
            "auto",
            True,
            coders.StrUtf8Coder(),
            validate=False,
            header_processor_fns=(keep, None),
        )
    )
    RuntimeValueProvider.set_runtime_options(None)
    pipeline | "source-text-runtime" >> beam.io.ReadFromText(
        RuntimeValueProvider("input", str, "/data/words.txt"), validate=False
    )
    pipeline | "source-parquet" >> parquetio.ReadFromParquet("/data/words.parquet", validate=False)
    pipeline | "source-avro" >> avroio.ReadFromAvro("/data/words.avro", validate=False)
    pipeline | "source-tfrecord" >> tfrecordio.ReadFromTFRecord(
        "/data/words.tfrecord", validate=False
    )
    pipeline | "source-user" >> beam.io.Read(Numbers())

    words | "do-fn-class" >> beam.ParDo(Upper())
    words | "do-fn-class-in-module" >> beam.ParDo(word_tools.Clean())
    words | "do-fn-function" >> beam.FlatMap(split)
    words | "do-fn-map-function-in-module" >> beam.Map(word_tools.shorten)
    words | "do-fn-map-builtin" >> beam.Map(len)
    words | "do-fn-map-method" >> beam.Map(str.upper)
    words | "do-fn-map-lambda" >> beam.Map(pair)
    words | "do-fn-filter" >> beam.Filter(keep)
    words | "do-fn-map-tuple" >> beam.MapTuple(show)

    words | "pairing-per-element" >> combiners.Count.PerElement()
    words | "pairing-imitated" >> Count.PerElement()
    pairings = {
        "lambda": pair,
        "function": pair_typed,
        "two": pair_with_two,
        "true": pair_with_true,
        "swapped": pair_swapped,
        "default": pair_by_default,
        "global": pair_with_global,
        "captured": pair_with_captured,
        "varargs": pair_by_name,
        "generator": pair_later,
        "attribute": with_attribute(types.FunctionType(pair.__code__, globals())),
    }
    for name, fn in pairings.items():
        words | f"pairing-{name}" >> beam.Map(fn)
    words | "pairing-argument" >> beam.Map(lambda word, count: (word, count), 1)
    words | "pairing-side-input" >> beam.Map(pair_by_default, beam.pvalue.AsSingleton(numbers))
    words | "pairing-flat" >> beam.FlatMap(pair)
    words | "pairing-do-fn" >> beam.ParDo(Upper())

    words | "panes-write" >> beam.io.WriteToText("/data/out")
    words | "panes-read" >> beam.Map(lambda word, pane=beam.DoFn.PaneInfoParam: (word, pane))
    words | "panes-read-in-flat-map" >> beam.FlatMap(
        lambda word, pane=beam.DoFn.PaneInfoParam: [pane]
    )
    words | "panes-imitated" >> beam.ParDo(_WriteBundleDoFn())


def neutral(path):
    """The part of a path that is the same on every machine."""
    for folder in ("site-packages", tempfile.gettempdir()):
        if folder in path:
            return path.split(folder, 1)[1].lstrip("/")
    return os.path.basename(path)


def make_paths_neutral():
    core.__file__ = neutral(core.__file__)
    iobase.__file__ = neutral(iobase.__file__)
    globals()["__file__"] = "words.py"
    config = cloudpickle_pickler.DEFAULT_CONFIG
    config.filepath_interceptor = neutral
    config.id_generator = functools.partial(
        lambda counter, _: f"class {next(counter)}", itertools.count()
    )
    if LIBRARY == "dill":
        import dill

        dispatch = dill._dill.Pickler.dispatch
        save_code = dispatch[types.CodeType]
        dispatch[types.CodeType] = lambda pickler, code: save_code(
            pickler, code.replace(co_filename=neutral(code.co_filename))
        )


def find_payloads(components):
    """By the label's first part: the combine's, the source's, or the one ParDo's payload."""
    payloads = {}
    for transform in components.transforms.values():
        label = transform.unique_name.split("/")[0]
        spec = transform.spec
        if label.startswith("combine-") and spec.urn in PICKLED_COMBINE_URNS:
            payloads[label] = runner_api.CombinePayload.FromString(spec.payload).combine_fn.payload
        elif label.startswith("source-") and spec.urn == "beam:transform:read:v1":
            payloads[label] = runner_api.ReadPayload.FromString(spec.payload).source.payload
        elif is_named_do_fn(label, transform):
            payloads[label] = runner_api.ParDoPayload.FromString(spec.payload).do_fn.payload
    return payloads


def is_named_do_fn(label, transform):
    """Whether a ParDo is one that was given a name, or the first of a composite with one."""
    if transform.spec.urn != "beam:transform:pardo:v1":
        return False
    parts = transform.unique_name.split("/")[1:]
    return (
        label.startswith("do-fn-")
        or (label.startswith("pairing-") and (not parts or parts[0].endswith(":PairWithVoid")))
        or (label.startswith("panes-") and (not parts or parts[-1] == "WriteBundles"))
    )


def main():
    options = PipelineOptions(
        [
            "--runner=PortableRunner",
            "--job_endpoint=localhost:1",
            "--environment_type=LOOPBACK",
            f"--pickle_library={LIBRARY}",
            "--no_pipeline_type_check",
        ]
    )
    pipeline = beam.Pipeline(options=options)
    build(pipeline)
    make_paths_neutral()
    proto = PortableRunner.get_proto_pipeline(pipeline, options)
    folder = os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), LIBRARY)
    os.makedirs(folder, exist_ok=True)
    payloads = find_payloads(proto.components)
    for label, payload in sorted(payloads.items()):
        with open(os.path.join(folder, f"{label}.bin"), "wb") as file:
            file.write(payload)
    print(f"{len(payloads)} payloads in {folder}")


main()
