"""Runs Beam's Go integration tests against a Job service and writes the verdicts as JSON.

python run_go_suite.py --endpoint HOST:PORT --results FILE [--seconds 180] [--environment TYPE]
                       [-k WORDS]

The first run builds the tests, which takes minutes. Each runs in a process of its own, which is
its workers' process, too, unless another environment is asked for.
"""

import os
import time

from go_tests import NOT_FOR_ENDPOINTS, build_tests, list_tests
from go_verdicts import ServiceJobs, run_test
from suite_arguments import start_parser
from verdict_file import write_records

FOLDER = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(FOLDER, "..", "..", "build", "conformance", "go")


def main():
    """Runs what the arguments say."""
    parser = start_parser("Beam's Go tests against a Job service.")
    parser.add_argument("--environment", default="LOOPBACK", help="Beam's environment_type")
    arguments = parser.parse_args()
    programs = build_tests(os.path.join(FOLDER, "go"), os.path.abspath(PROGRAMS))
    jobs = ServiceJobs(arguments.endpoint)
    # No list of Beam's of what a runner may skip has this name.
    options = [
        *("--runner=universal", f"--endpoint={arguments.endpoint}"),
        f"--environment_type={arguments.environment}",
    ]
    records = {}
    for package, program in programs:
        for test in list_tests(program):
            name = f"{package}.{test}"
            if arguments.words not in name:
                continue
            started = time.monotonic()
            if test in NOT_FOR_ENDPOINTS:
                record = {"verdict": "skip", "jobs": 0, "message": NOT_FOR_ENDPOINTS[test]}
            else:
                record = run_test(program, test, options, jobs, arguments.seconds)
            record["seconds"] = round(time.monotonic() - started, 2)
            records[name] = record
            print(f"go::{name} {record['verdict'].upper()}", flush=True)
            write_records(records, arguments.results)


if __name__ == "__main__":
    main()
