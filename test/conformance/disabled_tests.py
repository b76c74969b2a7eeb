"""Runs what Beam's source skips for every runner, too: what passes here is for us to find out."""

# Skipped unless an option is set: a condition, not a verdict on a runner.
CONDITION = "only supported in"


def enable_disabled_tests(test_class):
    """Takes the skip marks off a test class's methods."""
    for name in dir(test_class):
        function = getattr(test_class, name)
        wrapped = getattr(function, "__wrapped__", None)
        if (
            name.startswith("test")
            and getattr(function, "__unittest_skip__", False)
            and wrapped is not None
            and CONDITION not in function.__unittest_skip_why__
        ):
            setattr(test_class, name, make_test(function, wrapped))


def make_test(function, wrapped):
    """A method that runs the function under the mark, with pytest's marks of the marked one."""

    def test(self):
        return wrapped(self)

    test.__name__ = function.__name__
    test.pytestmark = list(getattr(function, "pytestmark", []))
    return test
