"""Verdicts on Beam's Go tests, in the form that those on the Python ones have."""

import re
import subprocess

from go_tests import MARK

MESSAGE_LENGTH = 4000
OUTPUT_LENGTH = 6000
ENDED = ("DONE", "FAILED", "CANCELLED", "DRAINED", "UPDATED")
_ASSERTION = re.compile(rf"^{MARK} (made|ran) (\w+)$", re.MULTILINE)
_TELLING = re.compile(r"_test\.go:\d+|panic:|failed|error|caused by|^ *why ", re.IGNORECASE)


class ServiceJobs:
    """The jobs of a Job service, by what it says itself: clients may take less for an end."""

    def __init__(self, endpoint):
        import grpc
        from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc

        self._api = beam_job_api_pb2
        self._service = beam_job_api_pb2_grpc.JobServiceStub(grpc.insecure_channel(endpoint))
        self._known = set()
        self.take_new()

    def take_new(self):
        """The jobs since the last call: id and state."""
        listed = self._service.GetJobs(self._api.GetJobsRequest()).job_info
        names = self._api.JobState.Enum
        found = [(job.job_id, names.Name(job.state)) for job in listed]
        new = [job for job in found if job[0] not in self._known]
        self._known.update(job for job, _ in new)
        return new

    def read_messages(self, job):
        """The messages of a job that has ended, with what its functions have logged."""
        request = self._api.JobMessagesRequest(job_id=job)
        responses = self._service.GetMessageStream(request, timeout=60)
        return [one.message_response.message_text for one in responses]

    def cancel(self, job):
        """Cancels a job that still runs, so that a test without end doesn't slow down the next."""
        self._service.Cancel(self._api.CancelJobRequest(job_id=job))


def run_test(program, test, options, jobs, seconds):
    """Runs one test in a process of its own; gives its record."""
    limits = [f"-test.timeout={seconds}s", f"-test.run=^{test}$", "-test.v"]
    try:
        done = subprocess.run(
            [program, *limits, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds + 10,
            text=True,
            errors="replace",
            check=False,
        )
        output, status = done.stdout, done.returncode
    except subprocess.TimeoutExpired as error:
        output, status = (error.stdout or b"").decode(errors="replace"), None
    submitted = jobs.take_new()
    for job, state in submitted:
        if state not in ENDED:
            jobs.cancel(job)
    return judge(output, status, [state for _, state in submitted])


def judge(output, status, states):
    """A test's record, by its output, exit status (none after the time) and its jobs' states."""
    notes = _ASSERTION.findall(output)
    made, ran = ([kind for what, kind in notes if what == one] for one in ("made", "ran"))
    missed = {kind for kind in made if ran.count(kind) < made.count(kind)}
    record = {
        "verdict": "pass",
        "jobs": len(states),
        "message": "",
        "assertions": {"made": len(made), "called": len(ran)},
    }
    if status is None or "panic: test timed out" in output:
        record.update(verdict="timeout", message="it took too long")
    elif status != 0:
        record.update(verdict="fail", message=find_message(output))
    elif re.search(r"^--- SKIP", output, re.MULTILINE):
        record.update(verdict="skip", message=find_message(output))
    elif not states:
        record.update(verdict="local", message="no job was handed to the service")
    elif set(states) != {"DONE"}:
        record.update(verdict="hollow", message=f"its jobs are {', '.join(sorted(set(states)))}")
    elif missed:
        message = f"of {', '.join(sorted(missed))} fewer ran than were made"
        record.update(verdict="hollow", message=message)
    if record["verdict"] != "pass":
        record["output"] = output[-OUTPUT_LENGTH:]
    return record


def find_message(output):
    """What a test says of its failure, in one line."""
    lines = (line.strip() for line in output.splitlines() if _TELLING.search(line))
    return " | ".join(dict.fromkeys(lines))[:MESSAGE_LENGTH]
