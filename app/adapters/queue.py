"""The doorbell: tells Celery workers over a Redis-protocol broker that a job waits. It carries ids only."""

from __future__ import annotations

import logging

from celery import Celery
from kombu.exceptions import OperationalError

TASK = "caseguide.work"
QUEUE = "caseguide"

log = logging.getLogger(__name__)


def make_celery(broker_url: str, *, visibility_seconds: int = 3600) -> Celery:
    """Make the Celery application that both sides use.

    Args:
        broker_url: "redis://host:6379/0" or "redis+socket:///path/to/socket".
        visibility_seconds: After which the broker gives an unanswered ring to another worker. It must outlast the
            longest job; a lost job comes back sooner, through its lease in the database.
    """
    celery = Celery("caseguide", broker=broker_url, set_as_current=False)
    celery.conf.update(
        task_default_queue=QUEUE,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": visibility_seconds, "unacked_restore_interval": 1},
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        enable_utc=True,
    )
    return celery


class CeleryQueue:
    """Rings for jobs through Celery."""

    def __init__(self, broker_url: str) -> None:
        self._celery = make_celery(broker_url)

    def ring(self, job: str) -> bool:
        """Send the id of a job; a broker that is down is no failure, for the sweeper rings again."""
        try:
            self._celery.send_task(TASK, args=[job], retry=False)
        except (OperationalError, OSError):
            log.warning("the broker cannot be reached; job %s waits for the sweeper", job)
            return False
        return True

    def check(self) -> bool:
        """Tell whether the broker answers."""
        try:
            with self._celery.connection_for_write(connect_timeout=2) as connection:
                connection.ensure_connection(max_retries=1, timeout=2)
        except (OperationalError, OSError):
            return False
        return True
