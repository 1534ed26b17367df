"""The worker process: Celery's pool for the jobs, and a thread that sweeps."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable

from celery import Celery, signals

from app.adapters.queue import QUEUE, make_celery
from app.errors import DependencyError
from app.services.desk import Desk
from app.services.keep_queue import fill_queue
from app.services.sweep import renew, sweep
from workers.tasks import register

log = logging.getLogger(__name__)

START_SECONDS = 180
"""A process that works loads vocabulary and language model first; on a busy machine that takes its time."""

MOST_JOBS_PER_PROCESS = 200
"""A process is replaced after so many, whatever memory the libraries may have kept."""


def run_worker(
    make_desk: Callable[[], Desk],
    *,
    broker_url: str,
    concurrency: int = 1,
    sweep_seconds: float = 5.0,
    with_parent: bool = False,
    loglevel: str = "warning",
) -> None:
    """Work until told to stop (TERM: the job at hand is finished first).

    Args:
        make_desk: Makes store, files, queue and pipeline; called in each process.
        broker_url: Address of the Redis-protocol broker.
        concurrency: Processes that work at the same time.
        sweep_seconds: Pause between sweeps.
        with_parent: Stop when the process that started this one is gone.
        loglevel: Of Celery's own log.
    """
    logging.basicConfig(level=loglevel.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    celery = make_celery(broker_url)
    celery.conf.update(worker_proc_alive_timeout=START_SECONDS, worker_max_tasks_per_child=MOST_JOBS_PER_PROCESS)
    desk = register(celery, make_desk)
    stop = threading.Event()

    def warm(**_: object) -> None:
        desk().reading.warm()

    def begin(**_: object) -> None:
        parent = os.getppid() if with_parent else 0
        threading.Thread(target=_sweeper, args=(make_desk, sweep_seconds, stop, parent), daemon=True).start()

    def end(**_: object) -> None:
        stop.set()

    signals.worker_process_init.connect(warm, weak=False)
    signals.worker_ready.connect(begin, weak=False)
    signals.worker_shutdown.connect(end, weak=False)
    _start(celery, concurrency, loglevel)


def _start(celery: Celery, concurrency: int, loglevel: str) -> None:
    options = ["--pool=prefork", f"--concurrency={concurrency}", f"--queues={QUEUE}", f"--loglevel={loglevel}"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    celery.worker_main(["worker", *options, *quiet])


def _sweeper(make_desk: Callable[[], Desk], seconds: float, stop: threading.Event, parent: int) -> None:
    desk = make_desk()
    at_start = True
    while True:
        try:
            sweep(desk, at_start=at_start)
            if at_start:
                fill_queue(desk)
                renew(desk)
            at_start = False
        except DependencyError:
            log.warning("the store cannot be reached; the next sweep tries again")
        except Exception as error:  # the sweeper outlives a bug; its message may quote a row
            log.error("the sweep failed: %s", type(error).__name__)  # noqa: TRY400 -- a traceback ends in that message
        if stop.wait(seconds):
            return
        if parent and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
