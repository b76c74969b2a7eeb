"""Tells whether the assertions of a test ran, wherever the runner ran them.

Beam's tests put their assertions into the pipeline, so a runner that drops a branch, or that says
DONE too early, passes them. Here each assertion appends to a file when it is called and when it has
held; the function itself names the file, so that Spark's workers on this machine find it too.
"""

import os


def watch_matcher(matcher, path, number):
    """The matcher, telling the file when it is called and when it has held.

    It is nested and imports what it uses, so it travels whole: a worker needs no module of ours.
    """

    def watched(actual):
        import os

        def tell(event):
            file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            try:
                os.write(file, f"{event} {number}\n".encode())
            finally:
                os.close(file)

        tell("called")
        result = matcher(actual)
        tell("held")
        return result

    return watched


class AssertionLog:
    """The assertions of one test after the other. `folder` is a folder for the files."""

    def __init__(self, folder):
        self._folder = folder
        self._tests = 0
        self.made = 0

    def install(self):
        """Puts itself into Beam's `assert_that`; before any test module has imported that."""
        from apache_beam.testing import util

        original = util.assert_that

        def assert_that(
            actual, matcher, label="assert_that", reify_windows=False, use_global_window=True
        ):
            if isinstance(matcher, util._EqualToPerWindowMatcher):
                reify_windows = use_global_window = True
            self.made += 1
            watched = watch_matcher(matcher, self._path, self.made)
            return original(actual, watched, label, reify_windows, use_global_window)

        util.assert_that = assert_that

    @property
    def _path(self):
        return os.path.join(self._folder, str(self._tests))

    def start_test(self):
        """Forgets the assertions of the test before."""
        self._tests += 1
        self.made = 0

    def read(self):
        """The numbers of the assertions that were called, and of those that have held."""
        seen = {"called": set(), "held": set()}
        try:
            with open(self._path, encoding="utf-8") as file:
                for line in file:
                    event, number = line.split()
                    seen[event].add(int(number))
        except FileNotFoundError:
            pass
        return seen["called"], seen["held"]
