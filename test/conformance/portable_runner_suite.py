"""Beam's tests of portable runners, against a Job service that runs already.

No runner's list of skipped tests is taken over; some of Beam's tests look their class's name up in
one, so these have names of their own. What stays skipped can't be asked of an endpoint: draining,
which needs an FnApiRunner of the test's own.
"""

import os

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions
from apache_beam.runners.portability import portable_runner, portable_runner_test
from apache_beam.runners.portability.fn_api_runner import fn_runner_test

ENDPOINT = "BEAM2SPARK_CONFORMANCE_ENDPOINT"


def point_to_service(options):
    """The options of a client that knows the endpoint and nothing else."""
    portable = options.view_as(PortableOptions)
    portable.job_endpoint = os.environ[ENDPOINT]
    portable.environment_type = os.environ.get("BEAM2SPARK_CONFORMANCE_ENVIRONMENT")
    return options


class EndpointTest(portable_runner_test.PortableRunnerTest):
    """All that Beam asks of a portable runner."""

    @classmethod
    def _create_job_endpoint(cls):
        return os.environ[ENDPOINT]

    def create_options(self):
        return point_to_service(super().create_options())


class EndpointLargeGroupTest(fn_runner_test.FnApiBasedStateBackedCoderTest):
    """A group that is too large to be held decoded."""

    def create_pipeline(self):
        runner = portable_runner.PortableRunner()
        return beam.Pipeline(runner, point_to_service(PipelineOptions([])))
