"""Writes what a worker finds itself in to report.json; runs as the main module."""

import atexit
import gc
import json
import logging
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from pathlib import Path

import dill
import numpy.random


def describe() -> dict[str, object]:
    """What is to be the same, however the worker was started."""
    main = sys.modules["__main__"]
    return {
        "path": sys.path,
        "arguments": sys.argv,
        "originalArguments": sys.orig_argv[1:],
        "flags": repr(sys.flags),
        "main": {
            name: re.sub(r"at 0x\w+", "somewhere", repr(value))
            for name, value in vars(main).items()
            if name.startswith("__")
        },
        "isMain": vars(main) is globals(),
        "mainOfDill": dill._dill._main_module is main,
        "imported": sys.modules.get(__spec__.name) is not None,
        "folder": os.getcwd(),
        "temporary": tempfile.gettempdir(),
        "environment": dict(os.environ),
        "environmentOfChildren": os.popen("env | sort").read(),
        "umask": os.umask(0o077),
        "limits": [resource.getrlimit(limit) for limit in range(10)],
        "leads": (os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid()),
        "signals": {one: repr(signal.getsignal(one)) for one in signal.valid_signals()},
        "blocked": repr(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        "files": [os.readlink(f"/proc/self/fd/{file}").split(":")[0] for file in (0, 1, 2)],
        "openFiles": sorted(int(file) for file in os.listdir("/proc/self/fd"))[:-1],
        "output": [repr(vars(type(one)) and one) for one in (sys.stdout, sys.stderr)],
        "isWrittenThrough": [one.write_through for one in (sys.stdout, sys.stderr)],
        "threads": repr(threading.enumerate()[1:]),
        "isInMainThread": threading.current_thread() is threading.main_thread(),
        "logHandlers": repr(logging.getLogger().handlers),
        "collects": gc.isenabled(),
    }


def draw() -> list[object]:
    """What is to differ from worker to worker."""
    state = random.random(), numpy.random.random(), float(numpy.random.default_rng().random())
    return [*state, str(uuid.uuid1()), str(uuid.uuid4()), next(tempfile._get_candidate_names())]


if __name__ == "__main__":
    atexit.register(print, "left")
    report = json.dumps({"surroundings": describe(), "draws": draw()})
    Path("report.json").write_text(report)
    words = os.environ.get("END", "")
    if words == "fail":
        subprocess.Popen(["sleep", "1000"], process_group=0)
        raise RuntimeError("no luck")
    if words == "hang":
        print("hangs", file=sys.stderr)
        signal.pause()
    sys.exit(3)
