"""A standalone Spark master with two workers on this machine, each in a folder of its own."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time

import pyspark

SPARK_CLASS = os.path.join(os.path.dirname(pyspark.__file__), "bin", "spark-class")
WORKERS = 2
START_SECONDS = 60


def find_free_port():
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_daemon(folder, class_name, *arguments, **extra_environment):
    """Starts a Spark daemon as a process group of its own, in its folder, with its log there."""
    os.makedirs(folder)
    environment = {
        **os.environ,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": os.path.join(folder, "local"),
        "SPARK_DAEMON_MEMORY": "512m",
        **extra_environment,
    }
    with open(os.path.join(folder, "log"), "wb") as log:
        return subprocess.Popen(
            [SPARK_CLASS, class_name, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_for_line(path, pattern, count):
    """Waits until a log holds the pattern so many times."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with open(path, encoding="utf-8", errors="replace") as file:
            if len(re.findall(pattern, file.read())) >= count:
                return
        time.sleep(0.2)
    raise TimeoutError(f"{path} never said {pattern!r} {count} times in {START_SECONDS} s")


def stop_daemon(process):
    """Ends a daemon and everything that it started."""
    for ending in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, ending)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
            return


@contextlib.contextmanager
def run_cluster(folder):
    """Gives the master's URL; the cluster ends with the context."""
    port = find_free_port()
    master = f"spark://127.0.0.1:{port}"
    daemons = []
    try:
        master_folder = os.path.join(folder, "master")
        daemons.append(
            start_daemon(
                master_folder,
                "org.apache.spark.deploy.master.Master",
                *("--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"),
            )
        )
        wait_for_line(os.path.join(master_folder, "log"), "Starting Spark master at", 1)
        for number in range(1, WORKERS + 1):
            worker_folder = os.path.join(folder, f"worker-{number}")
            daemons.append(
                start_daemon(
                    worker_folder,
                    "org.apache.spark.deploy.worker.Worker",
                    *("--host", "127.0.0.1", "--webui-port", "0", "--cores", "1"),
                    *("--memory", "1500m", "--work-dir", os.path.join(worker_folder, "work")),
                    master,
                )
            )
        wait_for_line(os.path.join(master_folder, "log"), "Registering worker", WORKERS)
        yield master
    finally:
        for daemon in reversed(daemons):
            stop_daemon(daemon)
