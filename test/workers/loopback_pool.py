"""Serves workers as a Beam program in LOOPBACK does, and says where."""

import time

from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer

address, server = BeamFnExternalWorkerPoolServicer.start(use_process=False)
print(address, flush=True)
while True:
    time.sleep(3600)
