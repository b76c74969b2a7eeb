"""The runtime of emitted projects: Beam's user functions inside Spark's Python workers."""

from .job import Job
from .main import main
from .sums import exact_sum

__all__ = ["Job", "exact_sum", "main"]
