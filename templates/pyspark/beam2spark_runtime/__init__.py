"""The runtime of emitted projects: Beam's user functions inside Spark's Python workers."""

from . import beam_log
from .job import Job
from .main import main
from .sums import exact_sum

__all__ = ["Job", "beam_log", "exact_sum", "main"]
