"""The one task: it takes the id of a job and hands it to the service; doing it twice does no harm."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

from celery import Celery

from app.adapters.queue import TASK
from app.services.desk import Desk
from app.services.work_job import work_job

log = logging.getLogger(__name__)


def register(celery: Celery, make_desk: Callable[[], Desk]) -> Callable[[], Desk]:
    """Give the application its task.

    Args:
        celery: The application.
        make_desk: Makes store, files, queue and pipeline; called once in each process that works.

    Returns:
        The same, made once.
    """
    desk = cache(make_desk)

    @celery.task(name=TASK, ignore_result=True)  # type: ignore[untyped-decorator]
    def work(job: str) -> None:
        state = work_job(desk(), job)
        log.info("job %s: %s", job, state or "nothing to do")

    return desk
