"""What stands in a file that a sink wrote, record by record, by what its name says it is."""

import io

import fastavro
import pyarrow.parquet
from apache_beam.io.tfrecordio import _TFRecordUtil


def split_lines(data):
    """The lines of a text, without their ends."""
    return data.split(b"\n")[:-1] if data.endswith(b"\n") else data.split(b"\n")


def read_parquet(data):
    """The rows of a Parquet file, as text."""
    return [repr(row).encode() for row in pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()]


def read_avro(data):
    """The rows of an Avro file, as text."""
    return [repr(row).encode() for row in fastavro.reader(io.BytesIO(data))]


def read_tfrecords(data):
    """The records of a TFRecord file."""
    file = io.BytesIO(data)
    return list(iter(lambda: _TFRecordUtil.read_record(file), None))


READERS = {
    ".avro": read_avro,
    ".parquet": read_parquet,
    ".tfrecord": read_tfrecords,
    ".tfrecord.gz": read_tfrecords,
}


def split_records(name, data):
    """The records of a file: lines, where its name doesn't end as one of the other formats."""
    for ending, read in READERS.items():
        if name.endswith(ending):
            return read(data)
    return split_lines(data)
