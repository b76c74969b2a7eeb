"""The Job services that are compared, each started for the benchmark and ended after it."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time

from commands import COMMAND_LINE, ENVIRONMENT, list_settings
from peers_set_up import find_prism, find_spark_job_server

START_SECONDS = 300
STOP_SECONDS = 20
OUTPUT_LENGTH = 3000
OPENED_PACKAGES = ("sun.nio.ch", "java.nio", "java.util", "java.lang", "java.lang.invoke")
SERVER_CLASS = "org.apache.beam.runners.spark.SparkJobServerDriver"


def find_ports(count):
    """So many free ports of the loopback interface."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def stop_process(process):
    """Ends a process and all that it started, as Ctrl-C does, by force if that doesn't help."""
    for how in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            break
    # What a worker pool started outlives it when it ends by force.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def wait_until(what, process, log, is_ready):
    """Waits for a service to take jobs. Raises RuntimeError, with what it said, if it doesn't."""
    end = time.monotonic() + START_SECONDS
    while not is_ready():
        if process.poll() is not None or time.monotonic() > end:
            with open(log, encoding="utf-8", errors="replace") as file:
                raise RuntimeError(f"{what} did not start:\n{file.read()[-OUTPUT_LENGTH:]}")
        time.sleep(0.1)


def is_listening(port):
    """Whether somebody listens on a local port."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def run_service(what, command, folder, make_is_ready):
    """Runs a service in a process group of its own; gives its log's path and its process id.

    `make_is_ready` takes the log's path.
    """
    os.makedirs(folder, exist_ok=True)
    log = os.path.join(folder, f"{what}.log")
    environment = {**os.environ, **ENVIRONMENT}
    # The worker pool starts "python": that has to be the one with Beam.
    environment["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), environment["PATH"]])
    with open(log, "wb") as file:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(what, process, log, make_is_ready(log))
        yield log, process.pid
    finally:
        stop_process(process)


def run_on_port(what, command, port, folder):
    """A service that is ready once its port is open."""
    return run_service(what, command, folder, lambda log: lambda: is_listening(port))


@contextlib.contextmanager
def run_worker_pool(folder):
    """Beam's pool of SDK workers, a process each; gives the options that name it."""
    (port,) = find_ports(1)
    module = "apache_beam.runners.worker.worker_pool_main"
    command = [sys.executable, "-m", module, f"--service_port={port}"]
    with run_on_port("worker-pool", command, port, folder):
        yield ["--environment_type=EXTERNAL", f"--environment_config=localhost:{port}"]


@contextlib.contextmanager
def run_beam2spark(cores, folder, target="pyspark"):
    """Our own service; gives the options of its clients."""
    with serve_beam2spark(cores, folder, target) as (options, _):
        yield options


@contextlib.contextmanager
def serve_beam2spark(cores, folder, target="pyspark"):
    """Our own service; gives the options of its clients, and its process id."""

    def make_is_ready(log):
        return lambda: read_endpoint(log) is not None

    command = [
        *(*COMMAND_LINE, "serve", "--target", target, "--job-port", "0", "--artifact-port", "0"),
        *("--spark-master-url", f"local[{cores}]", "--python", sys.executable),
        *("--temp-location", os.path.join(folder, "temp"), *list_settings()),
    ]
    with run_service("beam2spark", command, folder, make_is_ready) as (log, process):
        yield [f"--job_endpoint={read_endpoint(log)}"], process


def read_endpoint(log):
    """The endpoint that our service says it listens on; None before it does."""
    with open(log, encoding="utf-8", errors="replace") as file:
        found = re.search(r"--job_endpoint=(\S+:\d+)", file.read())
    return found and found[1]


@contextlib.contextmanager
def start_spark_job_server(cores, folder):
    """Beam's Spark job server without workers; gives the options of its clients."""
    jars = find_spark_job_server()
    job, artifacts, expansion = find_ports(3)
    opened = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED_PACKAGES]
    command = [
        *("java", "-Xmx4g", *opened, "-cp", os.path.join(jars, "*"), SERVER_CLASS),
        *(f"--spark-master-url=local[{cores}]", f"--artifacts-dir={folder}/artifacts"),
        *(f"--job-port={job}", f"--artifact-port={artifacts}", f"--expansion-port={expansion}"),
    ]
    with run_on_port("spark-job-server", command, job, folder):
        yield [f"--job_endpoint=localhost:{job}", f"--artifact_endpoint=localhost:{artifacts}"]


@contextlib.contextmanager
def run_spark_job_server(cores, folder):
    """Beam's Spark job server with a worker for each core; gives the options of its clients."""
    with (
        start_spark_job_server(cores, folder) as endpoints,
        run_worker_pool(folder) as workers,
    ):
        yield [
            *endpoints,
            f"--sdk_worker_parallelism={cores}",
            # By default it starts the workers anew for each stage, which doubles its time.
            "--environment_cache_millis=60000",
            *workers,
        ]


@contextlib.contextmanager
def run_prism(cores, folder):
    """Prism, which has a parallelism of its own; gives the options of its clients."""
    (job,) = find_ports(1)
    command = [find_prism(), f"--job_port={job}", "--serve_http=false"]
    with run_on_port("prism", command, job, folder), run_worker_pool(folder) as workers:
        yield [f"--job_endpoint=localhost:{job}", f"--sdk_worker_parallelism={cores}", *workers]
