"""The thread that a stage's functions live on, and the way of its results to Spark's thread."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator

import pyarrow as pa

from .batch_queue import BatchQueue
from .batch_reader import BatchReader
from .errors import BundleAborted, RuntimeFailure, fail_user_function
from .metrics import Infos
from .processor import StageProcessor

_LOGGER = logging.getLogger(__name__)

# So many bytes of results may wait for Spark.
_QUEUE_BYTES = 16 << 20
_CLOSE_SECONDS = 10.0


class BundleThread:
    """Owns a stage processor: makes it, runs tasks on it and tears it down, all on one thread.

    `is_usable` is false once it has failed or been closed.
    """

    def __init__(self, create: Callable[[], StageProcessor]):
        self._create = create
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._processor: StageProcessor | None = None
        self._wants_teardown: bool | None = None
        self.is_usable = True
        self._thread = threading.Thread(target=self._work, name="beam2spark-bundle", daemon=True)
        self._thread.start()

    def process(
        self, batches: BatchReader, report: Callable[[Infos], None]
    ) -> Iterator[pa.RecordBatch]:
        """The results of a task's rows. `report` gets the metrics once all of them have been taken.

        An error on the bundle's thread is raised here. Leaving the iterator early aborts the
        bundle.
        """
        results = BatchQueue(_QUEUE_BYTES)
        metrics: Infos = []

        def job() -> None:
            try:
                if self._processor is None:
                    self._processor = self._create()
                metrics.extend(self._processor.run(batches, results))
            except BundleAborted:
                # Nobody takes it: letting it go ends the user's generators.
                self.is_usable = False
                results.finish()
            except BaseException as error:
                self.is_usable = False
                results.fail(error)
            else:
                results.finish()

        self._jobs.put(job)
        try:
            while (batch := results.take()) is not None:
                yield batch
        except GeneratorExit:
            self.is_usable = False
            raise
        except RuntimeFailure as failure:
            # Without its cause, which the text has: Spark waits for ever for what it can't encode.
            raise failure from None
        except Exception as error:
            raise fail_user_function(error) from None
        finally:
            results.abort()
        report(metrics)

    def wants_teardown(self) -> bool:
        """Whether the stage's functions define a teardown."""
        if self._wants_teardown is None and self._processor is not None:
            self._wants_teardown = self._processor.defines_teardown()
        return bool(self._wants_teardown)

    def close(self) -> None:
        """Tears the functions down and ends the thread; waits for both, but not for ever."""
        self.is_usable = False
        self._jobs.put(None)
        self._thread.join(_CLOSE_SECONDS)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
        if self._processor is not None:
            try:
                self._processor.tear_down()
            except Exception:
                _LOGGER.exception("a teardown failed")
