"""Runs one of Beam's suites against a Job service and writes the verdicts as JSON.

python run_suite.py class|marked --endpoint HOST:PORT --results FILE [--seconds 180]
                    [--environment TYPE] [-k WORDS]

"class" is Beam's PortableRunnerTest, "marked" all that Beam marks for the validation of runners.
"""

import functools
import os
import subprocess
import sys
import tempfile
import types

from suite_arguments import start_parser

FOLDER = os.path.dirname(os.path.abspath(__file__))
MARK = "it_validatesrunner"
# The first tests Beam's own in-process runner (the class suite asks the same of the endpoint), the
# second are tests of a hosted service.
NOT_FOR_ENDPOINTS = (
    os.path.join("fn_api_runner", "fn_runner_test.py"),
    os.sep + "dataflow" + os.sep,
)


def find_marked_files():
    """The test files of the installed Beam that have marked tests."""
    import apache_beam

    found = []
    for folder, _, names in os.walk(os.path.dirname(apache_beam.__file__)):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith("_test.py") and not any(part in path for part in NOT_FOR_ENDPOINTS):
                with open(path, encoding="utf-8") as file:
                    if f"mark.{MARK}" in file.read():
                        found.append(path)
    return sorted(found)


def set_default_options(endpoint, environment):
    """Gives the pipelines of the marked tests their options."""
    from apache_beam.testing.test_pipeline import TestPipeline

    options = ["--runner=PortableRunner", f"--job_endpoint={endpoint}"]
    if environment:
        options.append(f"--environment_type={environment}")
    TestPipeline.pytest_test_pipeline_options = " ".join(options)
    # Some build their options of the command line: else those would run on Beam's own runner.
    sys.argv = [sys.argv[0], *options]


def list_packages_once():
    """Lets Beam's client ask pip once, not for each job, what is installed: two seconds each."""
    from apache_beam.runners.portability import stager

    @functools.cache
    def run(*words):
        return subprocess.check_output(words)

    stager.subprocess = types.SimpleNamespace(check_output=lambda words: run(*words))


def main():
    """Runs what the arguments say; the exit status is pytest's, or 0 where only tests failed."""
    parser = start_parser("One of Beam's suites against a Job service.")
    parser.add_argument("suite", choices=("class", "marked"))
    parser.add_argument("--environment", help="Beam's environment_type; its default if not given")
    arguments = parser.parse_args()
    sys.path.insert(0, FOLDER)

    import pytest
    from apache_beam.options import pipeline_options
    from assertion_log import AssertionLog
    from conformance_plugin import ConformancePlugin
    from submitted_jobs import SubmittedJobs

    os.environ["BEAM2SPARK_CONFORMANCE_ENDPOINT"] = arguments.endpoint
    if arguments.environment:
        os.environ["BEAM2SPARK_CONFORMANCE_ENVIRONMENT"] = arguments.environment
    set_default_options(arguments.endpoint, arguments.environment)
    list_packages_once()
    # As Beam's own configuration of pytest does.
    pipeline_options.enable_all_additional_type_checks()
    if arguments.suite == "class":
        selection = [os.path.join(FOLDER, "portable_runner_suite.py")]
    else:
        selection = ["-m", MARK, *find_marked_files()]
    with tempfile.TemporaryDirectory(prefix="beam2spark-conformance-") as folder:
        assertions, jobs = AssertionLog(folder), SubmittedJobs()
        assertions.install()
        jobs.install()
        status = pytest.main(
            [
                *("-c", os.path.join(FOLDER, "pytest.ini"), "--rootdir", FOLDER),
                *(
                    "--timeout",
                    str(arguments.seconds),
                    "-v",
                    "--tb=short",
                    "-o",
                    "log_level=WARNING",
                ),
                *(("-k", arguments.words) if arguments.words else ()),
                *selection,
            ],
            [ConformancePlugin(assertions, jobs, arguments.results)],
        )
    return 0 if status == pytest.ExitCode.TESTS_FAILED else int(status)


if __name__ == "__main__":
    # Clients of streams that a service left open would keep the interpreter from ending.
    status = main()
    sys.stdout.flush()
    os._exit(status)
