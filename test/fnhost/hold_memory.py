"""Tasks' memory without tasks: for each line of its input it prints an offer of some more, in hex.

All of it is held until the input ends. It has no seals, so that it can be cut.
"""

import os
import sys
from contextlib import ExitStack, closing

from beam2spark_runtime.shared_rows import SharedRows


def main():
    with ExitStack() as held:
        for _ in sys.stdin:
            shared = held.enter_context(closing(SharedRows(os.memfd_create("beam2spark-rows"))))
            print(shared.offer.SerializeToString().hex(), flush=True)


main()
