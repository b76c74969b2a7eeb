"""The jobs that a test hands to the Job service, seen from its client."""

CANCEL_SECONDS = 10


class SubmittedJobs:
    """The jobs since `clear`."""

    def __init__(self):
        self._results = []

    def install(self):
        """Puts itself into Beam's client."""
        from apache_beam.runners.portability import portable_runner

        original = portable_runner.PipelineResult.__init__

        def initialise(result, *arguments, **named):
            original(result, *arguments, **named)
            self._results.append(result)

        portable_runner.PipelineResult.__init__ = initialise

    def __len__(self):
        return len(self._results)

    def clear(self):
        """Forgets the jobs so far."""
        self._results.clear()

    def all_done(self):
        """Whether the service says of every job that it did what it should."""
        return all(result.state == "DONE" for result in self._results)

    def cancel(self):
        """Cancels what still runs, so that a test without end doesn't slow down the next."""
        import grpc
        from apache_beam.portability.api import beam_job_api_pb2

        for result in self._results:
            request = beam_job_api_pb2.CancelJobRequest(job_id=result._job_id)
            try:
                result._job_service.Cancel(request, timeout=CANCEL_SECONDS)
            except grpc.RpcError as error:
                print(f"could not cancel {result._job_id}: {error}")
