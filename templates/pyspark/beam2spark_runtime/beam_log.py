"""Hides one warning of Beam's from the user; to be imported before Beam is.

Importing apache_beam warns where the optional package apitools is missing. It is missing wherever
Beam was installed without its Google Cloud part, and no pipeline that runs here needs it.
"""

from __future__ import annotations

import logging

_MISSING_PACKAGE = "apitools not found"


def _is_worth_showing(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(_MISSING_PACKAGE)


logging.getLogger().addFilter(_is_worth_showing)
