"""Runs compiled Scala projects one after the other on one warm driver."""

import glob
import json
import os
import subprocess
import threading
import time

import pyspark
from cases import ROOT
from run_folders import clear_run, collect_run, shared_outputs

SPARK_HOME = os.path.dirname(pyspark.__file__)
JARS = os.path.join(SPARK_HOME, "jars")
SOURCES = [
    os.path.join(ROOT, "templates", "scala", "src", "main", "scala"),
    os.path.join(ROOT, "templates", "scala-driver"),
]
DRIVER_CLASS = "beam2spark.runtime.driver.WarmDriver"
STOP_SECONDS = 60


def build_driver(jar):
    """Compiles the runtime and the driver; gives what the compiler said if it refused."""
    parts = ("compiler", "library", "reflect")
    compiler = [
        path for part in parts for path in glob.glob(os.path.join(JARS, f"scala-{part}-*.jar"))
    ]
    sources = [
        path
        for folder in SOURCES
        for path in sorted(glob.glob(os.path.join(folder, "**", "*.scala"), recursive=True))
    ]
    command = [
        *("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", "-Xmx1g"),
        *("-cp", os.pathsep.join(compiler), "scala.tools.nsc.Main", "-release", "17"),
        *("-classpath", os.path.join(JARS, "*"), "-d", jar, *sources),
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    return None if result.returncode == 0 else result.stdout + result.stderr


class ScalaDriver:
    """A driver's process, as the Job service has one. It says what becomes of a job in events."""

    def __init__(self, words, environment, log):
        command = [os.path.join(SPARK_HOME, "bin", "spark-submit"), *words]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )

    def wait_until_ready(self):
        """Returns when it takes jobs. Raises EOFError where it has ended."""
        while self._receive()["event"] != "ready":
            pass

    def run(self, job, project, arguments):
        """Runs a project to its end; gives its events. Raises EOFError where the driver ends."""
        command = {"command": "run", "job": job, "project": project, "arguments": arguments}
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.stdin.flush()
        events = []
        while not events or events[-1]["event"] != "finished":
            event = self._receive()
            if event.get("job") == job:
                events.append(event)
        return events

    def close(self):
        """Lets go of the driver, and waits for its end."""
        self._process.stdin.close()
        killer = threading.Timer(STOP_SECONDS, self._process.kill)
        killer.start()
        self._process.stdout.read()
        self._process.wait()
        killer.cancel()

    def _receive(self):
        line = self._process.stdout.readline()
        if not line:
            raise EOFError("the driver has ended")
        return json.loads(line)


def run_on_scala_driver(runs, words, records, environment, folder):
    """Runs projects (dicts as run_on_spark.py takes them); gives what kept any from being run.

    Each result folder gets what run_on_spark.py leaves there.
    """
    jar = os.path.join(folder, "driver.jar")
    problem = build_driver(jar)
    if problem is not None:
        return problem
    submitted = [*words, "--class", DRIVER_CLASS, jar]
    path = os.path.join(folder, "log")
    with open(path, "wb") as log:
        driver = ScalaDriver(submitted, environment, log)
        try:
            driver.wait_until_ready()
            for number, run in enumerate(runs):
                with shared_outputs(run["fixture"]):
                    run_project(driver, run, records, os.path.join(folder, "temp", str(number)))
        except EOFError as error:
            with open(path, encoding="utf-8", errors="replace") as said:
                return f"{error}\n{said.read()[-6000:]}"
        finally:
            driver.close()
    return None


def run_project(driver, run, records, temp_location):
    """Runs one project and collects what it left."""
    os.makedirs(run["result"])
    clear_run(run["fixture"], records)
    started = time.monotonic()
    arguments = ["--temp-location", temp_location, *run["arguments"]]
    events = driver.run(os.path.basename(run["result"]), run["project"], arguments)
    collect_run(run["fixture"], records, run["result"])
    with open(os.path.join(run["result"], "events.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)
    status = 0 if events[-1]["outcome"] == "done" else events[-1]["outcome"]
    with open(os.path.join(run["result"], "status"), "w", encoding="utf-8") as file:
        json.dump({"status": status, "seconds": time.monotonic() - started}, file)
