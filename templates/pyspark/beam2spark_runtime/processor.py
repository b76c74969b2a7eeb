"""A stage at work: Beam's BundleProcessor, fed bundle by bundle with a task's rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

import pyarrow as pa
from apache_beam.internal import pickler
from apache_beam.runners.worker import statesampler
from apache_beam.runners.worker.bundle_processor import BundleProcessor
from apache_beam.transforms.core import CombineFn, DoFn

from . import (  # noqa: F401 - they register their operations
    combine_operations,
    plain_operation,
    window_assignment,
)
from .batch_queue import BatchQueue
from .batch_reader import BatchReader
from .event_times import Receiver
from .finalizers import call_callbacks, forget_callbacks
from .histograms import report_histograms
from .metrics import Infos, merge_metrics, select_reported
from .port import Port, create_columns
from .residuals import Residual, ResidualQueue
from .side_input_description import SideInputDescription
from .side_inputs import SideInput
from .stage_description import StageDescription
from .state_handler import StageStateHandler
from .stateful_operation import StatefulFunctions, discard_timer_streams
from .stored_rows import StoredRows
from .stored_side_input import StoredSideInput
from .user_state import UserState

_POLL_SECONDS = 0.05

report_histograms()


class StageProcessor:
    """One stage's functions, set up once and used for any number of tasks.

    Make it, use it and tear it down on one thread: Beam's state sampler belongs to a thread.
    `read_side_input` gives the Arrow rows of the stage's i-th side input, or where they lie.
    """

    def __init__(
        self,
        description: StageDescription,
        read_side_input: Callable[[int], pa.Table | StoredRows],
        stored_group_limit: int,
        bundle_limit: int,
        state_memory: int,
    ):
        self._description = description
        self._read_side_input = read_side_input
        self._side_inputs: dict[str, SideInput | StoredSideInput] = {}
        self._instructions = count()
        self._state = UserState(state_memory)
        stateful = StatefulFunctions(self._state)
        self._port = Port(description, stored_group_limit, bundle_limit, stateful)
        self._processor = BundleProcessor(
            frozenset(),
            description.descriptor,
            StageStateHandler(self._find_side_input, self._state),
            self._port,
        )
        discard_timer_streams(self._processor.timers_info)

    def run(self, batches: BatchReader, queue: BatchQueue) -> Infos:
        """Processes a task's rows into the queue, in as many bundles as it takes; returns the
        metrics.
        """
        self._port.connect(batches, queue)
        forget_callbacks()
        metrics: Infos = []
        waiting = ResidualQueue()
        while waiting or not self._port.is_exhausted:
            deliver = None
            if waiting.is_full or self._port.is_exhausted:
                self._wait_until_due(waiting, queue)
            if due := waiting.take_due():
                # A function that has stopped itself may have done so to be finalized first.
                call_callbacks()
                deliver = self._deliver_residuals(due)
            waiting.add(self._run_bundle(deliver, metrics))
        call_callbacks()
        return metrics

    def tear_down(self) -> None:
        """Tears the stage's functions down, as Beam does."""
        try:
            self._processor.shutdown()
        finally:
            self._state.close()

    def defines_teardown(self) -> bool:
        """Whether any of the stage's functions wants to be told that it is no longer needed."""
        for operation in self._processor.ops.values():
            spec = operation.spec
            pickled = getattr(spec, "serialized_fn", None) or getattr(spec, "combine_fn", None)
            if pickled is None:
                continue
            function = pickler.loads(pickled)[0]
            teardown = getattr(type(function), "teardown", None)
            if teardown not in (DoFn.teardown, CombineFn.teardown):
                return True
        return False

    def _run_bundle(
        self, deliver: Callable[[Receiver], int] | None, metrics: Infos
    ) -> list[Residual]:
        self._port.deliver_next(deliver)
        instruction = f"{self._description.name}-{next(self._instructions)}"
        with statesampler.instruction_id(instruction):
            residuals, wants_finalization = self._processor.process_bundle(instruction)
            if wants_finalization:
                self._processor.finalize_bundle()
        names = self._description.transform_names
        reported = select_reported(self._processor.monitoring_infos(), names)
        metrics[:] = merge_metrics([*metrics, *reported])
        self._processor.reset()
        return residuals

    def _deliver_residuals(self, residuals: list[Residual]) -> Callable[[Receiver], int]:
        """Resumes where splittable functions have stopped themselves."""

        def deliver(_receiver: Receiver) -> int:
            for residual in residuals:
                operation = self._processor.ops[residual.application.transform_id]
                coder = operation.input_info.main_input_coder.get_impl()
                operation.process(coder.decode_nested(residual.application.element))
            return len(residuals)

        return deliver

    def _wait_until_due(self, waiting: ResidualQueue, queue: BatchQueue) -> None:
        while waiting and (left := waiting.seconds_left()) > 0:
            queue.check()
            time.sleep(min(left, _POLL_SECONDS))

    def _find_side_input(self, transform_id: str, tag: str) -> SideInput | StoredSideInput:
        descriptor = self._description.descriptor
        pcollection = descriptor.transforms[transform_id].inputs[tag]
        if pcollection not in self._side_inputs:
            self._side_inputs[pcollection] = self._open_side_input(pcollection)
        return self._side_inputs[pcollection]

    def _open_side_input(self, pcollection: str) -> SideInput | StoredSideInput:
        described = self._description.json["sideInputs"]
        index = [entry["pcollection"] for entry in described].index(pcollection)
        side_input = SideInputDescription(self._description, index)
        find_coder = self._port.find_coder
        assert find_coder is not None
        columns = create_columns(side_input.layout, find_coder)
        rows = self._read_side_input(index)
        if isinstance(rows, StoredRows):
            return StoredSideInput(rows, side_input.layout, columns)
        return SideInput(
            rows,
            side_input.layout,
            columns,
            side_input.window_coder(find_coder),
            side_input.key_coder(find_coder),
        )
