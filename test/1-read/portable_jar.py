"""Writes the jar that Beam's own uber jar job makes of the pipeline on stdin, with one artifact."""

import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import grpc
from apache_beam.portability.api import beam_artifact_api_pb2_grpc, beam_runner_api_pb2
from apache_beam.runners.portability import abstract_job_service, artifact_service
from google.protobuf import json_format, struct_pb2


class JarWriter(abstract_job_service.UberJarBeamJob):
    """The job whose jar is written and never run."""

    def run(self):
        raise NotImplementedError

    def cancel(self):
        raise NotImplementedError


def add_artifact(pipeline, path):
    for environment in pipeline.components.environments.values():
        del environment.dependencies[:]
        environment.dependencies.add(
            type_urn="beam:artifact:type:file:v1",
            type_payload=beam_runner_api_pb2.ArtifactFilePayload(path=path).SerializeToString(),
            role_urn="beam:artifact:role:staging_to:v1",
            role_payload=beam_runner_api_pb2.ArtifactStagingToRolePayload(
                staged_name="lib.tar.gz"
            ).SerializeToString(),
        )


def main():
    pipeline = beam_runner_api_pb2.Pipeline.FromString(sys.stdin.buffer.read())
    options = json_format.ParseDict({"beam:option:streaming:v1": False}, struct_pb2.Struct())
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "library")
        library.write_bytes(b"the library")
        add_artifact(pipeline, str(library))
        empty = Path(folder, "runner.jar")
        with zipfile.ZipFile(empty, "w") as runner:
            runner.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
        job = JarWriter(str(empty), "job-1", "job", pipeline, options)
        job.prepare()
        with grpc.insecure_channel(job.artifact_staging_endpoint().url) as channel:
            artifact_service.offer_artifacts(
                beam_artifact_api_pb2_grpc.ArtifactStagingServiceStub(channel),
                artifact_service.ArtifactRetrievalService(
                    artifact_service.BeamFilesystemHandler(None).file_reader
                ),
                "job-1",
            )
        job._stop_artifact_service()
        with open(job._jar, "rb") as jar:
            shutil.copyfileobj(jar, sys.stdout.buffer)
        Path(job._jar).unlink()


main()
