"""A Job service that runs nothing and says of every job that it is DONE.

It prints its endpoint. Whatever passes against it says nothing about a runner.
"""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
from apache_beam.portability.api import (
    beam_artifact_api_pb2_grpc,
    beam_job_api_pb2,
    beam_job_api_pb2_grpc,
)

DONE = beam_job_api_pb2.JobStateEvent(state=beam_job_api_pb2.JobState.DONE)


class HollowJobs(beam_job_api_pb2_grpc.JobServiceServicer):
    """Every job is done at once."""

    def __init__(self):
        self._numbers = itertools.count()
        self._jobs = []
        self.address = ""

    def DescribePipelineOptions(self, request, context):
        return beam_job_api_pb2.DescribePipelineOptionsResponse()

    def Prepare(self, request, context):
        number = next(self._numbers)
        response = beam_job_api_pb2.PrepareJobResponse(preparation_id=f"hollow-{number}")
        response.artifact_staging_endpoint.url = self.address
        return response

    def Run(self, request, context):
        self._jobs.append(request.preparation_id)
        return beam_job_api_pb2.RunJobResponse(job_id=request.preparation_id)

    def GetJobs(self, request, context):
        done = [beam_job_api_pb2.JobInfo(job_id=job, state=DONE.state) for job in self._jobs]
        return beam_job_api_pb2.GetJobsResponse(job_info=done)

    def GetState(self, request, context):
        return DONE

    def GetStateStream(self, request, context):
        yield DONE

    def GetMessageStream(self, request, context):
        yield beam_job_api_pb2.JobMessagesResponse(state_response=DONE)

    def GetJobMetrics(self, request, context):
        return beam_job_api_pb2.GetJobMetricsResponse(metrics=beam_job_api_pb2.MetricResults())

    def Cancel(self, request, context):
        return beam_job_api_pb2.CancelJobResponse(state=DONE.state)


class HollowStaging(beam_artifact_api_pb2_grpc.ArtifactStagingServiceServicer):
    """Asks for no file."""

    def ReverseArtifactRetrievalService(self, request_iterator, context):
        next(request_iterator, None)
        return iter(())


def main():
    """Serves until it is ended from outside."""
    server = grpc.server(ThreadPoolExecutor(8))
    jobs = HollowJobs()
    beam_job_api_pb2_grpc.add_JobServiceServicer_to_server(jobs, server)
    staging = HollowStaging()
    beam_artifact_api_pb2_grpc.add_ArtifactStagingServiceServicer_to_server(staging, server)
    port = server.add_insecure_port("127.0.0.1:0")
    jobs.address = f"127.0.0.1:{port}"
    server.start()
    print(f"--job_endpoint=127.0.0.1:{port}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
