"""Makes large pipelines by putting copies of one captured segment behind and beside each other."""

import math

from apache_beam.portability.api import beam_runner_api_pb2

BRANCHES = 10


def read_pipeline(path):
    """A captured pipeline."""
    with open(path, "rb") as file:
        return beam_runner_api_pb2.Pipeline.FromString(file.read())


def find_segment(pipeline):
    """The id of the transform named Segment."""
    transforms = pipeline.components.transforms
    return next(key for key, value in transforms.items() if value.unique_name == "Segment")


def list_parts(pipeline, root):
    """A transform's id and those of all its parts, itself first."""
    parts = [root]
    for part in pipeline.components.transforms[root].subtransforms:
        parts += list_parts(pipeline, part)
    return parts


def copy_segment(source, target, segment, parts, prefix, fed_by):
    """Adds a copy of the segment that reads a PCollection; gives the PCollection that it makes."""
    transforms = source.components.transforms
    (read,) = transforms[segment].inputs.values()
    (made,) = transforms[segment].outputs.values()

    def rename(pcollection):
        return fed_by if pcollection == read else f"{prefix}_{pcollection}"

    for part in parts:
        copy = target.components.transforms[f"{prefix}_{part}"]
        copy.CopyFrom(transforms[part])
        copy.unique_name = f"{prefix}/{copy.unique_name}"
        copy.subtransforms[:] = [f"{prefix}_{name}" for name in copy.subtransforms]
        for ports in (copy.inputs, copy.outputs):
            for tag in list(ports):
                ports[tag] = rename(ports[tag])
        for pcollection in transforms[part].outputs.values():
            kind = source.components.pcollections[pcollection]
            added = target.components.pcollections[rename(pcollection)]
            added.CopyFrom(kind)
            added.unique_name = f"{prefix}/{kind.unique_name}"
    return rename(made)


def make_pipeline(source, count):
    """A pipeline of at least so many transforms (composites count): segments in branches."""
    segment = find_segment(source)
    parts = list_parts(source, segment)
    (start,) = source.components.transforms[segment].inputs.values()
    target = beam_runner_api_pb2.Pipeline()
    target.CopyFrom(source)
    holder = next(
        transform
        for transform in target.components.transforms.values()
        if segment in transform.subtransforms
    )
    ends = [start] * BRANCHES
    copies = math.ceil((count - len(target.components.transforms)) / len(parts))
    for number in range(copies):
        branch = number % BRANCHES
        prefix = f"Branch{branch}Part{number // BRANCHES}"
        ends[branch] = copy_segment(source, target, segment, parts, prefix, ends[branch])
        holder.subtransforms.append(f"{prefix}_{segment}")
    return target


def write_pipeline(pipeline, path):
    """Writes a pipeline's bytes; gives how many transforms it has."""
    with open(path, "wb") as file:
        file.write(pipeline.SerializeToString(deterministic=True))
    return len(pipeline.components.transforms)
