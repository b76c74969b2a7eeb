"""What captured pipelines must not have in common."""

import base64
import bz2
import os
import pickletools
import re

import pytest
from apache_beam.portability import common_urns, python_urns
from apache_beam.portability.api import beam_runner_api_pb2
from cases import CASES, FIXTURES

CLASS_ID = re.compile(r"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}")


def read_class_ids(name, pipeline):
    """The ids of all classes that travel inside a captured pipeline's DoFns."""
    with open(os.path.join(FIXTURES, name, f"{pipeline}.pb"), "rb") as file:
        proto = beam_runner_api_pb2.Pipeline.FromString(file.read())
    found = set()
    for transform in proto.components.transforms.values():
        if transform.spec.urn == common_urns.primitives.PAR_DO.urn:
            do_fn = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload).do_fn
            if do_fn.urn != python_urns.PICKLED_DOFN_INFO:
                continue
            pickled = bz2.decompress(base64.b64decode(do_fn.payload))
            arguments = (argument for _, argument, _ in pickletools.genops(pickled))
            found |= {a for a in arguments if isinstance(a, str) and CLASS_ID.fullmatch(a)}
    return found


@pytest.fixture(scope="module")
def class_ids():
    """(fixture, pipeline) to the ids of its classes."""
    return {
        (case.name, pipeline): read_class_ids(case.name, pipeline)
        for case in CASES
        for pipeline in case.pipelines
    }


def test_classes_travel_in_the_pipelines(class_ids):
    with_classes = [ids for ids in class_ids.values() if ids]
    assert len(with_classes) > len(CASES) // 2


def test_no_two_pipelines_share_a_class_id(class_ids):
    """A reused Python worker would take one pipeline's class for the other's."""
    owners = {}
    for pipeline, ids in class_ids.items():
        for identifier in ids:
            owners.setdefault(identifier, []).append(pipeline)
    assert {key: value for key, value in owners.items() if len(value) > 1} == {}
