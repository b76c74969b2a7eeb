"""The runtime of emitted projects: Beam's user functions inside Spark's Python workers."""

from . import beam_log
from .ieee_bounds import ieee_max, ieee_min
from .job import Job
from .main import main
from .sums import exact_sum, ieee_sum, wrapping_sum

__all__ = [
    "Job",
    "beam_log",
    "exact_sum",
    "ieee_max",
    "ieee_min",
    "ieee_sum",
    "main",
    "wrapping_sum",
]
