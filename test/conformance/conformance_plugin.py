"""A pytest plugin: points Beam's tests to a Job service, and writes down a verdict for each.

pass, fail, timeout and skip are what they say. Two are no passes, although Beam's test was content:

* local: the test handed no job to the service, so it says nothing about it;
* hollow: an assertion that the test made never ran, or didn't hold although all jobs ended well.
"""

import re
import unittest

import pytest
from disabled_tests import enable_disabled_tests
from verdict_file import write_records

MESSAGE_LENGTH = 4000
OUTPUT_LENGTH = 6000


class ConformancePlugin:
    """Watches the tests of one suite; `records` is what it saw, by test."""

    def __init__(self, assertions, jobs, results_file):
        self._assertions = assertions
        self._jobs = jobs
        self._results_file = results_file
        self.records = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(self, collector, name, obj):
        """Before a class's tests are collected."""
        if isinstance(obj, type) and issubclass(obj, unittest.TestCase):
            enable_disabled_tests(obj)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        """Each test starts without jobs and assertions."""
        self._jobs.clear()
        self._assertions.start_test()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item, call):
        """Takes down the verdict of a test's set-up, call and end."""
        outcome = yield
        report = outcome.get_result()
        record = self.records.setdefault(
            name_test(item), {"verdict": "pass", "seconds": 0.0, "jobs": 0, "message": ""}
        )
        record["seconds"] = round(record["seconds"] + report.duration, 2)
        if report.when == "call":
            self._judge_call(report, record)
        if report.skipped:
            record.update(verdict="skip", message=read_message(report))
        elif report.failed:
            message = read_message(report)
            verdict = "timeout" if re.search(r"Timeout \(?>", message) else "fail"
            record.update(verdict=verdict, message=message, output=read_output(report))
            if verdict == "timeout":
                self._jobs.cancel()
        report.verdict = record["verdict"]
        write_records(self.records, self._results_file)

    def pytest_report_teststatus(self, report):
        """Shows our verdict where pytest was content with less."""
        if report.when == "call" and report.passed and report.verdict != "pass":
            return report.verdict, "H", report.verdict.upper()
        return None

    def _judge_call(self, report, record):
        called, held = self._assertions.read()
        record["jobs"] = len(self._jobs)
        record["assertions"] = {"made": self._assertions.made, "called": len(called)}
        if not report.passed:
            return
        if len(self._jobs) == 0:
            record.update(verdict="local", message="no job was handed to the service")
        elif len(called) < self._assertions.made:
            message = f"{len(called)} of {self._assertions.made} assertions ran"
            record.update(verdict="hollow", message=message)
        elif held != called and self._jobs.all_done():
            message = f"{len(called - held)} assertions failed, and all jobs are DONE"
            record.update(verdict="hollow", message=message)


def name_test(item):
    """A test's name for the list of what does not pass."""
    module = item.module.__name__.rpartition(".")[2]
    if module == "portable_runner_suite":
        return f"{item.cls.__name__}.{item.name}"
    return f"{module}.{item.cls.__name__}.{item.name}"


def read_message(report):
    """Why a test was skipped or failed, in one line."""
    if isinstance(report.longrepr, tuple):
        text = str(report.longrepr[2])
    else:
        crash = getattr(report.longrepr, "reprcrash", None)
        text = crash.message if crash else str(report.longrepr)
    return re.sub(r"\s+", " ", text)[:MESSAGE_LENGTH]


def read_output(report):
    """The end of what a test logged and printed."""
    return "\n".join(text for _, text in report.sections)[-OUTPUT_LENGTH:]
